package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.SseEvent;
import dev.llmproxy.testkit.WireFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FakeProviderTest {

	private static final String BODY = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

	private final FakeProvider provider = Fakes.openAi();

	private final RawHttpClient client = RawHttpClient.connect(this.provider.url());

	@AfterEach
	void close() {
		this.client.close();
		this.provider.close();
	}

	private RawHttpClient send() {
		return this.client.sendPost("/v1/chat/completions", Map.of("Authorization", "Bearer " + this.provider.apiKey()),
				BODY);
	}

	@Test
	void failsOnPurposeAsOftenAsTold() {
		this.provider.failNext(429, "Slow down", Map.of("Retry-After", "7")).failNext(503, "Down");
		RawResponse first = send().readResponse();
		assertThat(first.status()).isEqualTo(429);
		assertThat(first.header("retry-after")).isEqualTo("7");
		assertThat(first.json().at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
		assertThat(send().readResponse().json().at("/error/type").asString()).isEqualTo("server_error");
		assertThat(send().readResponse().status()).isEqualTo(200);
		assertThat(this.provider.rejections()).isEmpty();
		assertThat(this.provider.requests()).hasSize(3);
	}

	@Test
	void cutsAStream() {
		this.provider.breakNextStream(2, StreamEnding.FIN);
		send().readHead();
		this.client.readEvent(FakeCaller.SOON);
		this.client.readEvent(FakeCaller.SOON);
		assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> this.client.readEvent(FakeCaller.SOON));
	}

	@Test
	void resetsAStream() {
		this.provider.breakNextStream(1, StreamEnding.RESET);
		send().readHead();
		this.client.readEvent(FakeCaller.SOON);
		assertThat(this.client.awaitClosed(FakeCaller.SOON)).isEqualTo(RawHttpClient.Closed.RESET);
	}

	@Test
	void endsAStreamWithAnErrorOrWithoutAWord() {
		this.provider.breakNextStream(1, StreamEnding.ERROR).breakNextStream(1, StreamEnding.SILENT_END);
		send().readHead();
		List<SseEvent> events = this.client.readEvents(FakeCaller.SOON);
		assertThat(events).hasSize(2);
		assertThat(events.get(1).json().at("/error/type").asString()).isEqualTo("server_error");
		send().readHead();
		assertThat(this.client.readEvents(FakeCaller.SOON)).hasSize(1);
		send().readHead();
		assertThat(this.client.readEvents(FakeCaller.SOON)).last().extracting(SseEvent::data).isEqualTo("[DONE]");
	}

	@Test
	void stallsAStreamUntilTheClientLeaves() {
		this.provider.breakNextStream(1, StreamEnding.STALL);
		send().readHead();
		this.client.readEvent(FakeCaller.SOON);
		this.client.close();
		this.provider.upstream().awaitPeerClosed(FakeCaller.SOON);
	}

	@Test
	void pausesAStream() {
		Gate gate = new Gate();
		this.provider.pauseNextStream(1, gate);
		send().readHead();
		this.client.readEvent(FakeCaller.SOON);
		gate.awaitReached(FakeCaller.SOON);
		gate.open();
		assertThat(this.client.readEvents(FakeCaller.SOON)).last().extracting(SseEvent::data).isEqualTo("[DONE]");
	}

	@Test
	void answersAsToldAndPlaysScriptsFirst() {
		this.provider.behaviour((conversation) -> Answer.text("told"));
		this.provider.upstream().enqueue(Script.json(418, "{}"));
		assertThat(send().readResponse().status()).isEqualTo(418);
		assertThat(send().readResponse().text()).contains("told");
	}

}
