package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Tells of the last reload, and has the configuration read anew. */
@Endpoint(id = "llmreload")
final class ReloadEndpoint {

	/** The configuration contradicts itself; the request is in order. */
	private static final int CONFLICT = 409;

	private final ConfigurationReloader reloader;

	ReloadEndpoint(ConfigurationReloader reloader) {
		this.reloader = reloader;
	}

	@ReadOperation
	State state() {
		return new State(this.reloader.generation(), this.reloader.last());
	}

	/** Reads the files now. */
	@WriteOperation
	WebEndpointResponse<ReloadReport> reload() {
		ReloadReport report = this.reloader.reload("actuator");
		return new WebEndpointResponse<>(report,
				(report.outcome() == ReloadReport.Outcome.REFUSED) ? CONFLICT : WebEndpointResponse.STATUS_OK);
	}

	/**
	 * What holds.
	 *
	 * @param generation counts configurations, from 1
	 * @param last {@code null} before the first reload
	 */
	record State(long generation, @Nullable ReloadReport last) {
	}

}
