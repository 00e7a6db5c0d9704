package dev.llmproxy.autoconfigure;

import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.limit.LimitStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/** What there is on the status page where its feature is there. */
final class StatusParts {

	private final ObjectProvider<LocalAnswers> answers;

	private final ObjectProvider<CountedMemory> memory;

	private final ObjectProvider<Admission> admission;

	private final ObjectProvider<LimitStore> limits;

	private final ObjectProvider<ConfigurationReloader> reloader;

	StatusParts(ObjectProvider<LocalAnswers> answers, ObjectProvider<CountedMemory> memory,
			ObjectProvider<Admission> admission, ObjectProvider<LimitStore> limits,
			ObjectProvider<ConfigurationReloader> reloader) {
		this.answers = answers;
		this.memory = memory;
		this.admission = admission;
		this.limits = limits;
		this.reloader = reloader;
	}

	LocalAnswers.@Nullable Stats cache() {
		LocalAnswers answers = this.answers.getIfAvailable();
		return (answers != null) ? answers.stats() : null;
	}

	@Nullable MemoryReport memory() {
		CountedMemory memory = this.memory.getIfAvailable();
		Admission admission = this.admission.getIfAvailable();
		return (memory != null && admission != null) ? MemoryReport.of(memory, admission) : null;
	}

	LimitStore.@Nullable State limits() {
		LimitStore limits = this.limits.getIfAvailable();
		return (limits != null) ? limits.state() : null;
	}

	StatusReport.@Nullable Configuration configuration() {
		ConfigurationReloader reloader = this.reloader.getIfAvailable();
		return (reloader != null) ? StatusReport.Configuration.of(reloader.generation(), reloader.last()) : null;
	}

}
