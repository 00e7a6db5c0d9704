package dev.llmproxy.autoconfigure;

import java.time.Instant;
import java.util.List;

import dev.llmproxy.cluster.Told;
import org.jspecify.annotations.Nullable;

/**
 * What became of a reload. Names only, and no values.
 *
 * @param generation of the configuration that holds now
 * @param trigger who asked for it
 * @param parts that have changed
 * @param properties that have changed with them
 * @param needsRestart properties that are not what they were at the start, and are not
 * taken up before the next one
 * @param problem why it was refused
 * @param cluster whether other nodes were told to do the same; {@code null} if nobody
 * asked for that, or there are no other nodes
 */
record ReloadReport(Outcome outcome, long generation, Instant time, String trigger, List<String> parts,
		List<String> properties, List<String> needsRestart, @Nullable ReloadProblem problem, @Nullable Told cluster) {

	ReloadReport told(@Nullable Told cluster) {
		return new ReloadReport(this.outcome, this.generation, this.time, this.trigger, this.parts, this.properties,
				this.needsRestart, this.problem, cluster);
	}

	/** How it ended. */
	enum Outcome {

		APPLIED, REFUSED, UNCHANGED

	}

}
