package dev.llmproxy.limit;

class LocalLimitStoreTest extends LimitStoreContract {

	private final LocalLimitStore store = new LocalLimitStore();

	@Override
	protected LimitStore store() {
		return this.store;
	}

}
