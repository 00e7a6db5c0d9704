package dev.llmproxy.autoconfigure;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Shows what memory is held for, and how much is left. */
@Endpoint(id = "llmmemory")
final class MemoryEndpoint {

	private final CountedMemory memory;

	private final Admission admission;

	MemoryEndpoint(CountedMemory memory, Admission admission) {
		this.memory = memory;
		this.admission = admission;
	}

	@ReadOperation
	MemoryReport memory() {
		return MemoryReport.of(this.memory, this.admission);
	}

}
