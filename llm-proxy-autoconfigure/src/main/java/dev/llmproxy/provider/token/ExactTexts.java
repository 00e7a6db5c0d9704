package dev.llmproxy.provider.token;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.knuddels.jtokkit.api.Encoding;
import dev.llmproxy.provider.TextEstimate;
import dev.llmproxy.provider.TextTokens;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Counts with a vocabulary that takes its time to load: it is loaded elsewhere when
 * somebody counts first, and estimated until then. Thread-safe; nobody waits.
 */
final class ExactTexts implements TextTokens {

	private static final Log logger = LogFactory.getLog(ExactTexts.class);

	private final OpenAiVocabulary vocabulary;

	private final Supplier<Optional<Encoding>> source;

	private final Executor executor;

	private final TextEstimate estimate;

	private final AtomicBoolean asked = new AtomicBoolean();

	private volatile @Nullable Encoding encoding;

	ExactTexts(OpenAiVocabulary vocabulary, Supplier<Optional<Encoding>> source, Executor executor) {
		this.vocabulary = vocabulary;
		this.source = source;
		this.executor = executor;
		this.estimate = new TextEstimate(vocabulary.estimate());
	}

	/** Has the vocabulary loaded, unless somebody has already. */
	void load() {
		if (this.asked.get() || !this.asked.compareAndSet(false, true)) {
			return;
		}
		try {
			this.executor.execute(this::read);
		}
		catch (RejectedExecutionException ex) {
			// It is estimated then: the application is about to end.
		}
	}

	private void read() {
		try {
			this.encoding = this.source.get().orElseThrow();
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("Tokens are estimated, because the vocabulary " + this.vocabulary.encoding()
					+ " can't be loaded: " + ex);
		}
	}

	@Override
	public long count(CharSequence text) {
		Encoding loaded = this.encoding;
		if (loaded == null) {
			load();
			return this.estimate.count(text);
		}
		// Ordinary: what looks like a control token is text in a prompt.
		return loaded.countTokensOrdinary(text.toString());
	}

	@Override
	public boolean exact() {
		return this.encoding != null;
	}

}
