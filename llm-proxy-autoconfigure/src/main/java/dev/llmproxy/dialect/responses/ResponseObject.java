package dev.llmproxy.dialect.responses;

import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.RandomIds;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A response without what the model says. It has every member that the API reference
 * lists, since clients that are strict about types miss them otherwise, and repeats what
 * was asked where that is known.
 */
final class ResponseObject {

	private static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority");

	private ResponseObject() {
	}

	static ObjectNode create(String id, long created, String model, @Nullable ChatRequest request) {
		ObjectNode node = ResponsesJson.object()
			.put("id", id)
			.put("object", "response")
			.put("created_at", created)
			.put("status", "in_progress")
			.put("background", false);
		for (String absent : new String[] { "error", "incomplete_details", "instructions" }) {
			node.putNull(absent);
		}
		node.put("max_output_tokens", (request != null) ? request.maxTokens() : null)
			.putNull("max_tool_calls")
			.put("model", model);
		node.putArray("output");
		node.put("parallel_tool_calls", request == null || !Boolean.FALSE.equals(request.parallelToolCalls()))
			.putNull("previous_response_id")
			.putNull("prompt_cache_key");
		node.set("reasoning", reasoning(request));
		node.putNull("safety_identifier")
			.putNull("service_tier")
			.put("store", false)
			.put("temperature", (request != null) ? request.temperature() : null);
		node.set("text", text(request));
		tools(node, request);
		node.put("top_logprobs", 0)
			.put("top_p", (request != null) ? request.topP() : null)
			.put("truncation", "disabled")
			.putNull("usage")
			.put("user", (request != null) ? request.user() : null);
		ObjectNode metadata = node.putObject("metadata");
		if (request != null) {
			request.metadata().forEach(metadata::put);
		}
		return node;
	}

	private static ObjectNode reasoning(@Nullable ChatRequest request) {
		ReasoningConfig reasoning = (request != null) ? request.reasoning() : null;
		return ResponsesJson.object()
			.put("effort", (reasoning != null) ? reasoning.effort() : null)
			.put("summary", (reasoning != null) ? reasoning.summary() : null);
	}

	private static ObjectNode text(@Nullable ChatRequest request) {
		ResponseFormat format = (request != null) ? request.responseFormat() : null;
		ObjectNode text = ResponsesJson.object();
		text.set("format", TextConfig.format((format != null) ? format : new ResponseFormat.Text()));
		return text;
	}

	private static void tools(ObjectNode node, @Nullable ChatRequest request) {
		if (request == null) {
			node.put("tool_choice", "auto").putArray("tools");
			return;
		}
		if (request.toolChoice() != null) {
			node.set("tool_choice", ToolsEncoder.choice(request.toolChoice()));
		}
		else {
			Object own = request.rest().get("tool_choice");
			node.set("tool_choice", ResponsesJson.tree((own != null) ? own : "auto"));
		}
		node.set("tools", ToolsEncoder.tools(request.tools(), true, new Dropped()));
	}

	/** An identifier in OpenAI's form that still shows the provider's. */
	static String id(String foreign) {
		String id = foreign.startsWith("resp_") ? foreign.substring("resp_".length()) : foreign;
		String safe = id.replaceAll("[^A-Za-z0-9_-]", "");
		return safe.isEmpty() ? RandomIds.next("resp_") : "resp_" + safe;
	}

	/** The identifier of an output item, unique within the response. */
	static String itemId(String prefix, String responseId, int index) {
		return prefix + "_" + responseId.substring("resp_".length()) + "_" + index;
	}

	static void tier(ObjectNode response, @Nullable String tier) {
		// Other vendors' tiers have names that SDKs refuse.
		if (tier != null && TIERS.contains(tier)) {
			response.put("service_tier", tier);
		}
	}

}
