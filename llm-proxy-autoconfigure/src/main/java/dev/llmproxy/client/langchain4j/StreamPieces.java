package dev.llmproxy.client.langchain4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.client.CallReport;
import reactor.core.publisher.Flux;

/** The pieces of one stream as LangChain4j has them; not thread-safe. */
final class StreamPieces {

	private final Map<Integer, ChatEvent.ToolCallStarted> calls = new LinkedHashMap<>();

	/** A piece; none for news of its life. */
	Flux<ChatModelStreamingEvent> piece(ChatEvent event) {
		if (event instanceof ChatEvent.TextDelta delta && !delta.text().isEmpty()) {
			return Flux.just(new PartialResponse(delta.text()));
		}
		if (event instanceof ChatEvent.RefusalDelta delta && !delta.text().isEmpty()) {
			return Flux.just(new PartialResponse(delta.text()));
		}
		if (event instanceof ChatEvent.ReasoningDelta delta && !delta.text().isEmpty()) {
			return Flux.just(new PartialThinking(delta.text()));
		}
		if (event instanceof ChatEvent.ToolCallStarted started) {
			this.calls.put(started.index(), started);
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta && !delta.arguments().isEmpty()) {
			return partial(delta);
		}
		return Flux.empty();
	}

	private Flux<ChatModelStreamingEvent> partial(ChatEvent.ToolCallDelta delta) {
		ChatEvent.ToolCallStarted call = this.calls.get(delta.index());
		return (call == null) ? Flux.empty()
				: Flux.just(PartialToolCall.builder()
					.index(delta.index())
					.id(call.id())
					.name(call.name())
					.partialArguments(delta.arguments())
					.build());
	}

	/** The tool calls, whole, and the answer, whole. */
	Flux<ChatModelStreamingEvent> last(dev.llmproxy.chat.ChatResponse response, CallReport report) {
		ChatResponse whole = AnswerConversion.whole(response, report);
		List<ChatModelStreamingEvent> last = new ArrayList<>();
		for (ToolExecutionRequest call : whole.aiMessage().toolExecutionRequests()) {
			last.add(new CompleteToolCall(last.size(), call));
		}
		last.add(new CompleteResponse(whole));
		return Flux.fromIterable(last);
	}

}
