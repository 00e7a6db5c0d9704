package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.status.TrafficBoard;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Shows how the gateway does, to programs and, as a page, to people. Names and numbers
 * only.
 */
@WebEndpoint(id = StatusEndpoint.ID)
final class StatusEndpoint {

	static final String ID = "llmstatus";

	private final TrafficBoard board;

	private final StatusProviders providers;

	private final StatusTargets targets;

	private final StatusParts parts;

	private final StatusPage page;

	StatusEndpoint(TrafficBoard board, StatusProviders providers, StatusTargets targets, StatusParts parts,
			StatusPage page) {
		this.board = board;
		this.providers = providers;
		this.targets = targets;
		this.parts = parts;
		this.page = page;
	}

	/** All of it. */
	@ReadOperation
	StatusReport status() {
		return new StatusReport(StatusReport.About.now(), this.board.report(), this.providers.forced(),
				this.providers.all(), this.targets.routes(), this.targets.targets(), this.parts.cache(),
				this.parts.memory(), this.parts.limits(), this.parts.configuration());
	}

	/**
	 * The page.
	 * @param file its name: there is no other file
	 */
	@ReadOperation(produces = "text/html;charset=UTF-8")
	WebEndpointResponse<String> page(@Selector String file) {
		return file.equals(StatusPage.NAME) ? new WebEndpointResponse<>(this.page.html())
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
