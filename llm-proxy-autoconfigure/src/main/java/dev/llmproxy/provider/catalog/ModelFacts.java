package dev.llmproxy.provider.catalog;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;

import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model; {@code null}, 0 and empty stand for what is not.
 *
 * @param id what it is known under, such as {@code openai/gpt-4o}
 * @param contextWindow tokens of prompt and answer together
 * @param maxOutput tokens of an answer
 * @param inputModalities of {@code text}, {@code image}, {@code audio}, {@code document},
 * {@code video}
 * @param reasoning whether it thinks before it answers, or can
 * @param retired when the provider ends it
 * @param source who says so
 */
public record ModelFacts(String id, int contextWindow, int maxOutput, Set<String> inputModalities,
		Set<String> outputModalities, @Nullable Boolean tools, @Nullable Boolean structuredOutput,
		@Nullable Boolean reasoning, @Nullable LocalDate retired, ModelPrices prices, Source source) {

	public ModelFacts {
		inputModalities = Set.copyOf(inputModalities);
		outputModalities = Set.copyOf(outputModalities);
		if (contextWindow < 0 || maxOutput < 0) {
			throw new IllegalArgumentException("A number of tokens must not be negative");
		}
	}

	/** Of whom nothing is known. */
	static ModelFacts unknown(String id, Source source) {
		return new ModelFacts(id, 0, 0, Set.of(), Set.of(), null, null, null, null, ModelPrices.NONE, source);
	}

	/** The same, with what is not known here taken from there. */
	ModelFacts or(ModelFacts other) {
		return new ModelFacts(this.id, (this.contextWindow > 0) ? this.contextWindow : other.contextWindow,
				(this.maxOutput > 0) ? this.maxOutput : other.maxOutput,
				this.inputModalities.isEmpty() ? other.inputModalities : this.inputModalities,
				this.outputModalities.isEmpty() ? other.outputModalities : this.outputModalities,
				(this.tools != null) ? this.tools : other.tools,
				(this.structuredOutput != null) ? this.structuredOutput : other.structuredOutput,
				(this.reasoning != null) ? this.reasoning : other.reasoning,
				(this.retired != null) ? this.retired : other.retired, this.prices.or(other.prices), this.source);
	}

	/** What holds for both: a caller does not know which of them serves it. */
	ModelFacts and(ModelFacts other) {
		Set<String> input = new HashSet<>(this.inputModalities);
		input.retainAll(other.inputModalities);
		Set<String> output = new HashSet<>(this.outputModalities);
		output.retainAll(other.outputModalities);
		return new ModelFacts(this.id, lesser(this.contextWindow, other.contextWindow),
				lesser(this.maxOutput, other.maxOutput), input, output, and(this.tools, other.tools),
				and(this.structuredOutput, other.structuredOutput), and(this.reasoning, other.reasoning), null,
				this.prices.equals(other.prices) ? this.prices : ModelPrices.NONE, this.source);
	}

	private static int lesser(int mine, int others) {
		return (mine == 0 || others == 0) ? 0 : Math.min(mine, others);
	}

	private static @Nullable Boolean and(@Nullable Boolean mine, @Nullable Boolean others) {
		return (mine == null || others == null) ? null : Boolean.valueOf(mine && others);
	}

	/** What another provider has too, and may ask another price for. */
	ModelFacts withoutPrices() {
		return new ModelFacts(this.id, this.contextWindow, this.maxOutput, this.inputModalities, this.outputModalities,
				this.tools, this.structuredOutput, this.reasoning, null, ModelPrices.NONE, this.source);
	}

	/** What it takes, in the words of a target. */
	public Deployment.Capabilities capabilities() {
		return new Deployment.Capabilities(this.contextWindow, this.maxOutput, this.tools, takes("image"),
				this.structuredOutput, takes("document"), takes("audio"));
	}

	/** Few say of documents: who is not said to read them may do so. */
	private @Nullable Boolean takes(String modality) {
		if (this.inputModalities.isEmpty()) {
			return null;
		}
		return this.inputModalities.contains(modality) ? Boolean.TRUE
				: modality.equals("document") ? null : Boolean.FALSE;
	}

	/** What it costs, in the words of a target. */
	public @Nullable ModelPrices deploymentPrices() {
		return (this.prices.input() != null) ? this.prices : null;
	}

	/** Who says so. */
	public enum Source {

		/** The file that comes along with the gateway. */
		SHIPPED,

		/** A file of the operator's. */
		FILE,

		/** A property. */
		PROPERTY

	}

}
