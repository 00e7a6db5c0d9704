package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import org.jspecify.annotations.Nullable;

/** Reads the conversation. One instance reads one request. */
final class OpenAiMessageDecoder {

	private static final Set<String> UNDERSTOOD = Set.of("role", "content", "name", "tool_calls", "tool_call_id",
			"function_call", "refusal", "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks",
			"cache_control");

	private final RestFields rest;

	private final OpenAiPartDecoder parts;

	/**
	 * The older function calls have no identifiers: the last one waits for its result.
	 */
	private @Nullable String pendingFunctionCall;

	OpenAiMessageDecoder(RestFields rest) {
		this.rest = rest;
		this.parts = new OpenAiPartDecoder(rest);
	}

	List<Message> decode(Place messages) {
		List<Message> decoded = new ArrayList<>();
		for (Place message : messages.elements()) {
			decoded.add(message(message.object(), decoded.size()));
		}
		if (decoded.isEmpty()) {
			throw messages.wrong("must hold at least one message");
		}
		return decoded;
	}

	private Message message(Place message, int position) {
		this.rest.addOthers(message, UNDERSTOOD);
		Place role = message.at("role");
		return switch (role.string()) {
			case "system" -> plain(Role.SYSTEM, message);
			case "developer" -> plain(Role.DEVELOPER, message);
			case "user" -> plain(Role.USER, message);
			case "assistant" -> assistant(message, position);
			case "tool" -> result(message, message.at("tool_call_id").nonEmptyString(), null);
			case "function" -> functionResult(message, position);
			default -> throw role.wrong("must be 'system', 'developer', 'user', 'assistant' or 'tool'");
		};
	}

	private Message plain(Role role, Place message) {
		return new Message(role, content(message), message.at("name").stringOrNull());
	}

	/** The content, which a mark of prompt caching on the message is about as a whole. */
	private List<Part> content(Place message) {
		List<Part> content = this.parts.decode(message.at("content"));
		CacheControl mark = OpenAiToolDecoder.cacheControl(message);
		int last = content.size() - 1;
		if (mark != null && last >= 0 && content.get(last) instanceof Part.Text text) {
			content.set(last, new Part.Text(text.text(), mark));
		}
		return content;
	}

	private Message assistant(Place message, int position) {
		List<Part> said = new ArrayList<>(OpenAiReasoning.read(message.node()));
		Place content = message.at("content");
		if (!content.absent()) {
			for (Part part : content(message)) {
				if (!(part instanceof Part.Text text && text.text().isEmpty())) {
					said.add(part);
				}
			}
		}
		String refusal = message.at("refusal").stringOrNull();
		if (refusal != null && !refusal.isEmpty()) {
			said.add(new Part.Refusal(refusal));
		}
		for (Place call : message.at("tool_calls").elements()) {
			said.add(call(call.object()));
		}
		Place functionCall = message.at("function_call");
		if (!functionCall.absent()) {
			String name = functionCall.object().at("name").nonEmptyString();
			this.pendingFunctionCall = inventedId(name, position);
			said.add(new Part.ToolCall(this.pendingFunctionCall, name, arguments(functionCall.at("arguments"))));
		}
		return new Message(Role.ASSISTANT, said, message.at("name").stringOrNull());
	}

	private Part.ToolCall call(Place call) {
		String id = call.at("id").nonEmptyString();
		Place custom = call.at("custom");
		if (!custom.absent()) {
			return new Part.ToolCall(id, custom.object().at("name").nonEmptyString(),
					OpenAiToolCalls.customArguments(custom.at("input").string()));
		}
		this.rest.addOthers(call, Set.of("id", "type", "index", "function", "cache_control", "extra_content"));
		Place function = call.at("function").object();
		return new Part.ToolCall(id, function.at("name").nonEmptyString(), arguments(function.at("arguments")),
				OpenAiToolCalls.signature(call.node()), OpenAiToolDecoder.cacheControl(call));
	}

	private static String arguments(Place arguments) {
		if (arguments.absent() || arguments.node().isString() || arguments.node().isObject()) {
			return OpenAiToolCalls.arguments(arguments.node());
		}
		throw arguments.wrong("must be a string");
	}

	private Message functionResult(Place message, int position) {
		String name = message.at("name").nonEmptyString();
		String id = this.pendingFunctionCall;
		this.pendingFunctionCall = null;
		return result(message, (id != null) ? id : inventedId(name, position), name);
	}

	private Message result(Place message, String callId, @Nullable String name) {
		CacheControl mark = OpenAiToolDecoder.cacheControl(message);
		Part result = new Part.ToolResult(callId, (name != null) ? name : message.at("name").stringOrNull(),
				message.at("content").absent() ? List.of() : this.parts.decode(message.at("content")), false, mark);
		return new Message(Role.TOOL, List.of(result));
	}

	private static String inventedId(String name, int position) {
		return "call_" + name + "_" + position;
	}

}
