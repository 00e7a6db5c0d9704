package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/** Reads tools and the rule for calling them, the older {@code functions} included. */
final class OpenAiToolDecoder {

	private final RestFields rest;

	OpenAiToolDecoder(RestFields rest) {
		this.rest = rest;
	}

	void decode(Place root, ChatRequest.Builder request) {
		List<Tool> tools = new ArrayList<>();
		for (Place tool : root.at("tools").elements()) {
			tools.add(tool(tool.object()));
		}
		for (Place function : root.at("functions").elements()) {
			tools.add(function(function.object(), null));
		}
		request.tools(tools).parallelToolCalls(root.at("parallel_tool_calls").booleanOrNull());
		Place choice = root.at("tool_choice");
		request.toolChoice(choice.absent() ? functionCall(root.at("function_call")) : toolChoice(choice));
	}

	private Tool tool(Place tool) {
		Place type = tool.at("type");
		if (!type.absent() && !type.string().equals("function")) {
			return new Tool.Hosted(Dialect.OPENAI.name(), type.string(), OpenAiJson.map(tool.node()));
		}
		this.rest.addOthers(tool, Set.of("type", "function", "cache_control"));
		return function(tool.at("function").object(), cacheControl(tool));
	}

	private Tool.Function function(Place function, @Nullable CacheControl cacheControl) {
		this.rest.addOthers(function, Set.of("name", "description", "parameters", "strict", "cache_control"));
		return new Tool.Function(function.at("name").nonEmptyString(), function.at("description").stringOrNull(),
				function.at("parameters").mapOrNull(), function.at("strict").booleanOrNull(),
				(cacheControl != null) ? cacheControl : cacheControl(function));
	}

	/** The mark of prompt caching as OpenRouter and LiteLLM take it. */
	static @Nullable CacheControl cacheControl(Place marked) {
		Place mark = marked.at("cache_control");
		return mark.absent() ? null : new CacheControl(mark.object().at("ttl").stringOrNull());
	}

	private @Nullable ToolChoice functionCall(Place choice) {
		if (choice.absent()) {
			return null;
		}
		return choice.node().isString() ? mode(choice) : ToolChoice.named(choice.object().at("name").nonEmptyString());
	}

	private @Nullable ToolChoice toolChoice(Place choice) {
		if (choice.node().isString()) {
			return mode(choice);
		}
		Place type = choice.object().at("type");
		switch (type.string()) {
			case "function" -> {
				return ToolChoice.named(choice.at("function").object().at("name").nonEmptyString());
			}
			case "custom" -> {
				return ToolChoice.named(choice.at("custom").object().at("name").nonEmptyString());
			}
			case "allowed_tools" -> {
				// The mode is for everybody, which tools it is about only for OpenAI.
				this.rest.add(choice);
				return mode(choice.at("allowed_tools").object().at("mode"));
			}
			default -> throw type.wrong("must be 'function', 'custom' or 'allowed_tools'");
		}
	}

	private static ToolChoice mode(Place mode) {
		return switch (mode.string()) {
			case "auto" -> ToolChoice.AUTO;
			case "none" -> ToolChoice.NONE;
			// The second is what Mistral calls it.
			case "required", "any" -> ToolChoice.REQUIRED;
			default -> throw mode.wrong("must be 'auto', 'none' or 'required'");
		};
	}

}
