package dev.llmproxy.server.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every {@link Fault} × dialect of the failing provider × dialect of the caller ×
 * streamed or not, byte for byte, with fixed seeds and a fallback that is well.
 */
class FaultMatrixTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Map<String, UpstreamFrames> UPSTREAMS = new LinkedHashMap<>();

	/** In the name of the simulator's answer, which is the fallback. */
	private static final String FALLBACK = "sim-req_";

	private static final List<String> CALLERS = List.of("openai", "responses", "anthropic", "gemini");

	/** In a request's body or path, wherever the dialect has the model. */
	private static final Pattern CELL = Pattern.compile("cell-(\\d+)");

	static {
		UPSTREAMS.put("openai", UpstreamFrames.OPENAI);
		UPSTREAMS.put("responses", UpstreamFrames.RESPONSES);
		UPSTREAMS.put("anthropic", UpstreamFrames.ANTHROPIC);
		UPSTREAMS.put("gemini", UpstreamFrames.GEMINI);
		UPSTREAMS.put("bedrock", UpstreamFrames.BEDROCK);
	}

	private final Map<Integer, Cell> cells = new ConcurrentHashMap<>();

	@Test
	void everyFaultEndsAsSpecified() throws Exception {
		List<Cell> all = cells();
		all.forEach((cell) -> this.cells.put(cell.number(), cell));
		ExecutorService callers = Executors.newFixedThreadPool(24);
		Map<Fault, List<String>> wrong = new EnumMap<>(Fault.class);
		Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(this::script);
				TestServer server = server(upstream)) {
			Map<Cell, Future<String>> runs = new LinkedHashMap<>();
			all.forEach((cell) -> runs.put(cell, callers.submit(() -> run(server, cell))));
			for (Map.Entry<Cell, Future<String>> run : runs.entrySet()) {
				Fault fault = run.getKey().fault();
				counts.merge(fault, 1, Integer::sum);
				String problem = run.getValue().get();
				if (!problem.isEmpty()) {
					wrong.computeIfAbsent(fault, (key) -> new ArrayList<>()).add(run.getKey() + ": " + ends(problem));
				}
			}
		}
		finally {
			callers.shutdownNow();
		}
		print(all.size(), counts, wrong);
		assertThat(all).hasSizeGreaterThanOrEqualTo(500);
		assertThat(wrong).isEmpty();
	}

	private static String ends(String text) {
		int length = text.length();
		return (length <= 800) ? text : text.substring(0, 300) + " […] " + text.substring(length - 500);
	}

	private static void print(int cells, Map<Fault, Integer> counts, Map<Fault, List<String>> wrong) {
		StringBuilder table = new StringBuilder("\nFaults x dialects x {whole, streamed}\n");
		int failed = 0;
		for (Map.Entry<Fault, Integer> count : counts.entrySet()) {
			int bad = wrong.getOrDefault(count.getKey(), List.of()).size();
			failed += bad;
			table.append("  %-46s %-22s %3d of %3d%n".formatted(count.getKey().title(), count.getKey().outcome(),
					count.getValue() - bad, count.getValue()));
		}
		System.out.println(table.append("  %d of %d cells as specified".formatted(cells - failed, cells)));
	}

	private static List<Cell> cells() {
		List<Cell> cells = new ArrayList<>();
		for (Fault fault : Fault.values()) {
			for (String upstream : UPSTREAMS.keySet()) {
				for (String caller : CALLERS) {
					cells.add(new Cell(cells.size(), fault, upstream, caller, true));
					if (fault.outcome() == Fault.Outcome.RECOVERS || fault.outcome() == Fault.Outcome.TOLD) {
						cells.add(new Cell(cells.size(), fault, upstream, caller, false));
					}
				}
			}
		}
		return cells;
	}

	private Script script(RecordedRequest request) {
		Matcher number = CELL.matcher(request.target() + request.text());
		if (!number.find()) {
			throw new IllegalStateException("A request that names no cell");
		}
		Cell cell = this.cells.get(Integer.parseInt(number.group(1)));
		return cell.fault().script(UPSTREAMS.get(cell.upstream()), cell.number());
	}

	private TestServer server(ScriptedUpstream upstream) {
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "openai", "openai-compatible", upstream.url() + "/v1");
		provider(properties, "responses", "openai", upstream.url() + "/v1");
		properties.put("llm-proxy.providers.responses.dialect", "responses");
		provider(properties, "anthropic", "anthropic", upstream.url() + "/v1");
		provider(properties, "gemini", "gemini", upstream.url() + "/v1beta");
		provider(properties, "bedrock", "bedrock", upstream.url().toString());
		properties.put("llm-proxy.providers.bedrock.region", "eu-central-1");
		for (Cell cell : this.cells.values()) {
			properties.put("llm-proxy.aliases.cell" + cell.number(),
					cell.upstream() + "/cell-" + cell.number() + ",simulator/demo");
		}
		properties.put("llm-proxy.simulator.enabled", "true");
		// Each cell is about one request.
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.resilience.cooldown.enabled", "false");
		return TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, String type, String url) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", type);
		properties.put(prefix + "base-url", url);
		properties.put(prefix + "api-key", "k-0123456789abcdef");
		properties.put(prefix + "timeouts.response-headers", "600ms");
		properties.put(prefix + "timeouts.first-token", "700ms");
		properties.put(prefix + "timeouts.idle", "700ms");
		properties.put(prefix + "timeouts.total", "900ms");
	}

	/** What is wrong; empty if nothing is. */
	private static String run(TestServer server, Cell cell) {
		try (RawHttpClient client = server.client()) {
			client.sendPost(cell.path(), TestServer.headers(), cell.body());
			int status = client.readHead(PATIENCE).status();
			String body = new String(client.readBody(PATIENCE), StandardCharsets.UTF_8);
			return switch (cell.fault().outcome()) {
				case RECOVERS, RECOVERS_IF_STREAMED ->
					(status == 200 && body.contains(FALLBACK) && !body.contains("primary")
							&& (!cell.streamed() || cell.isComplete(body))) ? "" : status + " " + body;
				case TOLD ->
					(status >= 400 && status < 500 && body.contains("the primary said")) ? "" : status + " " + body;
				case BREAKS -> (status == 200 && body.contains("primary") && cell.isError(body)
						&& !body.contains(FALLBACK) && !cell.isComplete(body)) ? "" : status + " " + body;
			};
		}
		catch (RuntimeException | AssertionError ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	/** One case. */
	private record Cell(int number, Fault fault, String upstream, String caller, boolean streamed) {

		String path() {
			return switch (this.caller) {
				case "openai" -> "/v1/chat/completions";
				case "responses" -> "/v1/responses";
				case "anthropic" -> "/v1/messages";
				default -> "/v1beta/models/cell" + this.number
						+ (this.streamed ? ":streamGenerateContent?alt=sse" : ":generateContent");
			};
		}

		String body() {
			String head = "{\"model\":\"cell" + this.number + "\",\"stream\":" + this.streamed + ",";
			return switch (this.caller) {
				case "openai" -> head + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
				case "responses" -> head + "\"input\":\"hi\"}";
				case "anthropic" -> head + "\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
				default -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
			};
		}

		/** Whether a stream in the caller's dialect ended as complete ones do. */
		boolean isComplete(String body) {
			return body.contains(switch (this.caller) {
				case "openai" -> "data: [DONE]";
				case "responses" -> "\"response.completed\"";
				case "anthropic" -> "\"message_stop\"";
				default -> "\"finishReason\"";
			});
		}

		/** Whether a stream ends with a typed error in the caller's dialect. */
		boolean isError(String body) {
			return body.contains(switch (this.caller) {
				case "anthropic" -> "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":";
				case "gemini" -> "\"reason\":\"UPSTREAM_";
				default -> "\"code\":\"upstream_";
			});
		}

		@Override
		public String toString() {
			return this.caller + " -> " + this.upstream + (this.streamed ? ", streamed" : ", whole");
		}

	}

}
