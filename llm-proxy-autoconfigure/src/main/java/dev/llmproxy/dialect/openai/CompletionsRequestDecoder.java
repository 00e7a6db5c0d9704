package dev.llmproxy.dialect.openai;

import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;

/** Reads the body of {@code POST /v1/completions}. */
final class CompletionsRequestDecoder {

	private static final Set<String> UNDERSTOOD = Set.of("model", "prompt", "stream", "stream_options", "max_tokens",
			"temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop", "n", "user");

	private CompletionsRequestDecoder() {
	}

	static ChatRequest decode(byte[] body, Envelope envelope) {
		Place root = OpenAiRequestDecoder.root(body);
		RestFields rest = new RestFields(Dialect.COMPLETIONS);
		ChatRequest.Builder request = ChatRequest.builder(OpenAiRequestDecoder.model(envelope))
			.stream(envelope.stream())
			.messages(messages(root.at("prompt"), rest))
			.maxTokens(root.at("max_tokens").integerOrNull())
			.seed(root.at("seed").longOrNull())
			.user(root.at("user").stringOrNull());
		OpenAiRequestDecoder.sampling(root, request);
		Place options = root.at("stream_options");
		if (!options.absent()) {
			request.includeUsage(Boolean.TRUE.equals(options.object().at("include_usage").booleanOrNull()));
			rest.addOthers(options, Set.of("include_usage"));
		}
		rest.addOthers(root, UNDERSTOOD);
		rest.fields().forEach(request::rest);
		return request.build();
	}

	private static List<Message> messages(Place prompt, RestFields rest) {
		if (prompt.node().isString()) {
			return List.of(Message.text(Role.USER, prompt.string()));
		}
		if (!prompt.node().isArray() || prompt.node().isEmpty()) {
			throw prompt.wrong("must be a string or an array of strings");
		}
		List<Message> messages = prompt.elements().stream().map(CompletionsRequestDecoder::message).toList();
		if (messages.size() > 1) {
			// A chat answers all of them at once; the caller expects an answer to each.
			rest.add("prompt (an answer to each)", messages.size());
		}
		return messages;
	}

	private static Message message(Place prompt) {
		if (!prompt.node().isString()) {
			throw prompt.wrong("must be a string: tokens can't be read without the model's own tokenizer");
		}
		return Message.text(Role.USER, prompt.string());
	}

}
