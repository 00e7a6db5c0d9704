package dev.llmproxy.observability;

import java.time.Duration;

/** The buckets that OpenTelemetry's conventions ask for, and those of our own meters. */
final class Buckets {

	/** Of whole calls and of chunks. */
	static final Duration[] DURATION = seconds(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48,
			40.96, 81.92);

	static final Duration[] FIRST_TOKEN = seconds(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1,
			2.5, 5, 7.5, 10);

	static final Duration[] OUTPUT_TOKEN = seconds(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1,
			2.5);

	/** Of what is done in a fraction of a millisecond unless something is wrong. */
	static final Duration[] OVERHEAD = seconds(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
			0.25, 1);

	private static final double[] TOKENS = { 1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304,
			16777216, 67108864 };

	private Buckets() {
	}

	static double[] tokens() {
		return TOKENS.clone();
	}

	private static Duration[] seconds(double... seconds) {
		Duration[] durations = new Duration[seconds.length];
		for (int i = 0; i < seconds.length; i++) {
			durations[i] = Duration.ofNanos(Math.round(seconds[i] * 1e9));
		}
		return durations;
	}

}
