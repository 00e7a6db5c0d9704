package dev.llmproxy.client.langchain4j;

import java.util.Objects;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.llmproxy.client.CallReport;
import org.jspecify.annotations.Nullable;

/** An answer's metadata, with what the gateway did for it. Immutable. */
public final class GatewayChatResponseMetadata extends ChatResponseMetadata {

	private final CallReport report;

	private GatewayChatResponseMetadata(Builder builder, CallReport report) {
		super(builder);
		this.report = report;
	}

	static Builder builder(CallReport report) {
		return new Builder(report);
	}

	/** What the gateway did. */
	public CallReport report() {
		return this.report;
	}

	@Override
	public ChatResponseMetadata.Builder<?> toBuilder() {
		return toBuilder(new Builder(this.report));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return super.equals(other) && other instanceof GatewayChatResponseMetadata that
				&& this.report.equals(that.report);
	}

	@Override
	public int hashCode() {
		return Objects.hash(super.hashCode(), this.report);
	}

	static final class Builder extends ChatResponseMetadata.Builder<Builder> {

		private final CallReport report;

		private Builder(CallReport report) {
			this.report = report;
		}

		@Override
		public GatewayChatResponseMetadata build() {
			return new GatewayChatResponseMetadata(this, this.report);
		}

	}

}
