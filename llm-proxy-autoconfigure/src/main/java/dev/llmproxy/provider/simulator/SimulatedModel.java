package dev.llmproxy.provider.simulator;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's name asks for. A name is words joined by {@code +}, such as
 * {@code error-429} or {@code slow+words-300}; words that mean nothing here, as in
 * {@code gpt-4o}, change nothing.
 *
 * @param name the name as it came
 * @param behaviour what it does
 * @param status with which it refuses; only with {@link Behaviour#ERROR}
 * @param pace how fast it does it
 * @param words length of the answer; 0 for as long as it gets
 */
record SimulatedModel(String name, Behaviour behaviour, int status, Pace pace, int words) {

	/** The names to advertise; every other name answers, too. */
	static final List<String> NAMES = List.of("chat", "instant", "fast", "slow", "words-500", "error-400", "error-401",
			"error-403", "error-404", "error-408", "error-413", "error-429", "error-500", "error-502", "error-503",
			"error-529", "stall", "stall-mid-stream", "cut-mid-stream", "context-length", "content-policy",
			"content-filter", "refusal", "flaky", "empty");

	/** More would make an answer much larger than what it costs to ask for it. */
	static final int MOST_WORDS = 5000;

	private static final Pattern STATUS = Pattern.compile("error-([45]\\d\\d)");

	private static final Pattern WORDS = Pattern.compile("words-(\\d{1,4})");

	private static final Pattern TOKENS_PER_SECOND = Pattern.compile("tps-(\\d{1,5}(?:\\.\\d{1,3})?)");

	private static final Pattern DELAY = Pattern.compile("delay-(\\d{1,6})(ms|s)");

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

	static SimulatedModel of(String name, SimulatorSettings settings) {
		SimulatedModel model = new SimulatedModel(name, Behaviour.ANSWER, 0,
				new Pace(settings.firstTokenDelay(), settings.tokensPerSecond()), 0);
		for (String word : name.split("\\+")) {
			model = model.with(word);
		}
		return model;
	}

	private SimulatedModel with(String word) {
		Behaviour known = Behaviour.find(word);
		if (known != null) {
			return new SimulatedModel(this.name, known, 0, this.pace, this.words);
		}
		switch (word) {
			case "instant" -> {
				return with(new Pace(Duration.ZERO, 0));
			}
			case "fast" -> {
				return with(new Pace(Duration.ZERO, 500));
			}
			case "slow" -> {
				return with(this.pace.withFirstToken(Duration.ofSeconds(10)));
			}
			default -> {
				return withNumber(word);
			}
		}
	}

	private SimulatedModel withNumber(String word) {
		Matcher status = STATUS.matcher(word);
		if (status.matches()) {
			return new SimulatedModel(this.name, Behaviour.ERROR, Integer.parseInt(status.group(1)), this.pace,
					this.words);
		}
		Matcher length = WORDS.matcher(word);
		if (length.matches()) {
			return new SimulatedModel(this.name, this.behaviour, this.status, this.pace,
					Math.min(MOST_WORDS, Integer.parseInt(length.group(1))));
		}
		Matcher speed = TOKENS_PER_SECOND.matcher(word);
		if (speed.matches()) {
			return with(this.pace.withTokensPerSecond(Double.parseDouble(speed.group(1))));
		}
		Matcher delay = DELAY.matcher(word);
		if (delay.matches()) {
			long number = Long.parseLong(delay.group(1));
			Duration wait = "s".equals(delay.group(2)) ? Duration.ofSeconds(number) : Duration.ofMillis(number);
			return with(this.pace.withFirstToken((wait.compareTo(LONGEST_DELAY) > 0) ? LONGEST_DELAY : wait));
		}
		return this;
	}

	private SimulatedModel with(Pace pace) {
		return new SimulatedModel(this.name, this.behaviour, this.status, pace, this.words);
	}

}
