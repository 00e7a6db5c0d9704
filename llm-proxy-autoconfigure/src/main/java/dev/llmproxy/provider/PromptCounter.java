package dev.llmproxy.provider;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.ReadyMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts a prompt by its texts, its media and what surrounds them. Texts that are counted
 * exactly are sampled where they are long, so that counting never takes more than some
 * milliseconds. Thread-safe.
 */
public class PromptCounter implements TokenCounter {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final TextTokens texts;

	private final PromptShape shape;

	private final MediaTokens media;

	public PromptCounter(TextTokens texts, PromptShape shape, MediaTokens media) {
		this.texts = texts;
		this.shape = shape;
		this.media = media;
	}

	/** The same with other counts of texts. */
	protected PromptCounter with(TextTokens texts) {
		return new PromptCounter(texts, this.shape, this.media);
	}

	protected PromptShape shape() {
		return this.shape;
	}

	protected MediaTokens media() {
		return this.media;
	}

	@Override
	public long count(String text) {
		return SampledTexts.count(this.texts, text);
	}

	@Override
	public boolean exact() {
		return this.texts.exact();
	}

	@Override
	public long count(Part part) {
		if (part instanceof Part.Text text) {
			return count(text.text());
		}
		if (part instanceof Part.ToolCall call) {
			return this.shape.message() + count(call.name()) + count(call.arguments());
		}
		if (part instanceof Part.ToolResult result) {
			return this.shape.message() + result.content().stream().mapToLong(this::count).sum();
		}
		if (part instanceof Part.Reasoning reasoning) {
			return count(reasoning.text());
		}
		if (part instanceof Part.Refusal refusal) {
			return count(refusal.text());
		}
		if (part instanceof Part.Document document && document.source() instanceof MediaSource.PlainText text) {
			return count(text.text());
		}
		return this.media.of(part);
	}

	@Override
	public long count(Message message) {
		long tokens = this.shape.message();
		if (message.name() != null) {
			tokens += this.shape.name() + count(message.name());
		}
		for (Part part : message.parts()) {
			tokens += count(part);
		}
		return tokens;
	}

	@Override
	public long count(List<Tool> tools) {
		long tokens = tools.isEmpty() ? 0 : this.shape.tools();
		for (Tool tool : tools) {
			tokens += this.shape.tool() + count(tool);
		}
		return tokens;
	}

	/** What describes a tool. */
	protected long count(Tool tool) {
		if (tool instanceof Tool.Function function) {
			return count(function.name()) + ((function.description() != null) ? count(function.description()) : 0)
					+ ((function.parameters() != null) ? count(JSON.writeValueAsString(function.parameters())) : 0);
		}
		return count(JSON.writeValueAsString(((Tool.Hosted) tool).definition()));
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // the very same where nothing is sampled
	public long count(ChatRequest request) {
		TextTokens texts = SampledTexts.of(this.texts, request);
		return (texts == this.texts) ? countAll(request) : with(texts).countAll(request);
	}

	private long countAll(ChatRequest request) {
		long tokens = this.shape.reply() + TokenCounter.super.count(request);
		return (request.responseFormat() instanceof ResponseFormat.JsonSchema schema)
				? tokens + count(JSON.writeValueAsString(schema.schema())) : tokens;
	}

}
