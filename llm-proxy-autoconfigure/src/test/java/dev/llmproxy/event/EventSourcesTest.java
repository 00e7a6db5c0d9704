package dev.llmproxy.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.context.ContextAction;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.GatewayEvent.CacheEvicted;
import dev.llmproxy.event.GatewayEvent.CallEnded;
import dev.llmproxy.event.GatewayEvent.ConversationCondensed;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.limit.Limited;
import dev.llmproxy.observability.call.CallRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What the gateway tells, as events; and what of it events don't tell. */
class EventSourcesTest {

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	private static final String CANARY = "canary-1b6f";

	private final EventBus bus = new EventBus(100);

	private final InstantSource clock = InstantSource.fixed(NOW);

	private final List<GatewayEvent> heard = new CopyOnWriteArrayList<>();

	@Test
	void nothingIsMadeWhereNobodyListens() {
		new CallEvents(this.bus, () -> {
			throw new AssertionError("nobody listens");
		}).ended(call(null));
		new LimitEvents(this.bus, this.clock).refused("per-key", Limited.TOKENS);
		this.bus.listen(EnumSet.allOf(EventType.class), this.heard::add);
		this.bus.close(Duration.ofSeconds(5));
		assertThat(this.heard).isEmpty();
	}

	@Test
	void aCallTellsNumbersAndNamesAndNoWordsOfAProvider() {
		LlmError error = new LlmError(ErrorKind.UPSTREAM, "said " + CANARY, CANARY, CANARY);
		listen();
		new CallEvents(this.bus, this.clock).ended(call(error));
		CallEnded event = (CallEnded) heard().get(0);
		assertThat(event.error()).isEqualTo("upstream");
		assertThat(event.model()).hasSize(129).endsWith("…");
		String json = EventJson.text(event);
		assertThat(json).doesNotContain(CANARY);
		assertThat(JsonMapper.shared().readTree(json)).isEqualTo(JsonMapper.shared().readTree("""
				{"type":"call.ended","timestamp":"2026-01-02T03:04:05Z","data":{"request":"req_1","caller":"team-a",
				"team":"a","operation":"chat","model":"%s…","stream":true,"route":"fast","provider":"up",
				"target":"up/m","attempts":1,"outcome":"broken","status":200,"error":"upstream","millis":1500,
				"first_token_millis":200,"input_tokens":7,"output_tokens":3,"cost_nano_usd":42,"estimated":false,
				"cache":"miss"}}""".formatted("m".repeat(128))));
	}

	private static CallRecord call(LlmError error) {
		return new CallRecord("req_1", new Caller("team-a", List.of(), "a"), Operation.CHAT, Dialect.OPENAI,
				"m".repeat(500), true, "fast", null, NOW, 1_500_000_000L, 200_000_000L, 0, 200, CallRecord.End.BROKEN,
				List.of(new AttemptRecord("up/m", "up", "m", "first", CANARY, 5)), Usage.of(7, 3), null, 42L, false,
				error, "miss", null, 10, 20);
	}

	@Test
	void othersTellWhatTheyHave() {
		listen();
		new LimitEvents(this.bus, this.clock).refused("per-key", Limited.TOKENS);
		new CacheEvents(this.bus, this.clock).evicted();
		new ContextEvents(this.bus, this.clock).done(ContextAction.REJECTED, 10, 0);
		new ContextEvents(this.bus, this.clock).done(ContextAction.SUMMARISED, 10, 4);
		new BreakerEvents(this.bus, this.clock).turned("up/m", "closed", "open");
		assertThat(heard()).containsExactly(new LimitHit(NOW, "per-key", "tokens"), new CacheEvicted(NOW, "size"),
				new ConversationCondensed(NOW, "summarised", 10, 4),
				new GatewayEvent.BreakerChanged(NOW, "up/m", "closed", "open"));
	}

	private void listen() {
		this.bus.listen(EnumSet.allOf(EventType.class), this.heard::add);
	}

	private List<GatewayEvent> heard() {
		this.bus.close(Duration.ofSeconds(5));
		return this.heard;
	}

}
