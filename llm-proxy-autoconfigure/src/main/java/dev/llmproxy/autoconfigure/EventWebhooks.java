package dev.llmproxy.autoconfigure;

import reactor.core.Disposable;
import reactor.core.Disposables;

import org.springframework.beans.factory.DisposableBean;

/** Has webhooks told of events until the application ends. */
final class EventWebhooks implements DisposableBean {

	private final Disposable.Composite listening = Disposables.composite();

	void add(Disposable one) {
		this.listening.add(one);
	}

	@Override
	public void destroy() {
		this.listening.dispose();
	}

}
