package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.flag.FlagFilter;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.openfeature.flagd.grpc.sync.FlagSyncServiceGrpc;
import dev.openfeature.flagd.grpc.sync.Sync;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** Flags that others know, as long as they are there and afterwards. */
class FlagServersTest {

	private static final String FEATURES = """
			{"version":2,"features":[
			{"name":"fast","type":"release","enabled":true,"strategies":[{"name":"default","parameters":{},\
			"constraints":[{"contextName":"team","operator":"IN","values":["search"]}]}]},
			{"name":"slow","type":"release","enabled":false,"strategies":[{"name":"default"}]}],"segments":[]}""";

	private static final String FLAGD = """
			{"flags":{"fast":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off",\
			"targeting":{"if":[{"in":[{"var":"metadata.plan"},["paid"]]},"on","off"]}},
			"which":{"state":"ENABLED","variants":{"a":"up/a"},"defaultVariant":"a"}}}""";

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class, ContextAutoConfiguration.class,
				FlagAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.cache.flag=fast");

	private static LlmRequest request(String caller, String team) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.id("req_1")
			.caller(new Caller(caller, List.of(), team))
			.body(new byte[0], Envelope.none().withModel("up/m"))
			.build();
	}

	private static LlmRequest paid(String metadata) {
		HttpHeaders hints = new HttpHeaders();
		hints.set("llm-proxy-metadata", metadata);
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.id("req_1")
			.caller(new Caller("k", List.of()))
			.hints(hints)
			.body(new byte[0], Envelope.none().withModel("up/m"))
			.build();
	}

	@Test
	void unleashIsFollowedAndRememberedWhenItDies() {
		ScriptedUpstream unleash = ScriptedUpstream.start();
		unleash.answerWith((request) -> request.path().endsWith("/client/features") ? Script.json(200, FEATURES)
				: Script.json(202, "{}"));
		this.runner
			.withPropertyValues("llm-proxy.flags.provider=unleash",
					"llm-proxy.flags.unleash.url=" + unleash.url() + "/api", "llm-proxy.flags.unleash.api-key=token-1",
					"llm-proxy.flags.unleash.interval=1s")
			.run((context) -> {
				Flags flags = context.getBean(Flags.class);
				assertThat(flags.on("fast", request("k", "search"))).isTrue();
				assertThat(flags.on("fast", request("k", "sales"))).isFalse();
				assertThat(flags.on("slow", request("k", "search"))).isFalse();
				assertThat(unleash.requests().get(0).header("authorization")).isEqualTo("token-1");
				int before = unleash.requests().size();
				unleash.answerWith((request) -> Script.json(503, "{}"));
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.until(() -> unleash.requests()
						.stream()
						.skip(before)
						.filter((request) -> request.path().endsWith("/client/features"))
						.count() > 0);
				assertThat(flags.on("fast", request("k", "search"))).isTrue();
				unleash.close();
				assertThat(flags.on("fast", request("k", "search"))).isTrue();
				assertThat(flags.on("fast", request("k", "sales"))).isFalse();
			});
	}

	@Test
	void startsWithoutItsServerWithWhatIsConfigured() {
		this.runner.withPropertyValues("llm-proxy.flags.provider=unleash",
				"llm-proxy.flags.unleash.url=http://127.0.0.1:1/api",
				"llm-proxy.flags.unleash.app-name=nobody-knows-me", "llm-proxy.flags.values.fast.default-variant=true")
			.run((context) -> {
				Flags flags = context.getBean(Flags.class);
				assertThat(flags.on("fast", request("k", "search"))).isTrue();
				assertThat(flags.on("other", request("k", "search"))).isFalse();
			});
	}

	@Test
	void flagdSendsRulesThatOutliveIt() throws IOException {
		Server flagd = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.addService(new Flagd())
			.build()
			.start();
		this.runner
			.withPropertyValues("llm-proxy.flags.provider=flagd", "llm-proxy.flags.flagd.host=127.0.0.1",
					"llm-proxy.flags.start-timeout=20s", "llm-proxy.flags.flagd.port=" + flagd.getPort())
			.run((context) -> {
				Flags flags = context.getBean(Flags.class);
				assertThat(flags.on("fast", paid("{\"plan\":\"paid\"}"))).isTrue();
				assertThat(flags.on("fast", paid("{\"plan\":\"free\"}"))).isFalse();
				assertThat(flags.value("which", Flags.Kind.TEXT, paid("{}"))).isEqualTo("up/a");
				flagd.shutdownNow().awaitTermination();
				assertThat(flags.on("fast", paid("{\"plan\":\"paid\"}"))).isTrue();
				assertThat(flags.on("fast", paid("{\"plan\":\"free\"}"))).isFalse();
			});
		flagd.shutdownNow();
	}

	@Test
	void flagsmithSaysWhatIsMissing() {
		this.runner.withPropertyValues("llm-proxy.flags.provider=flagsmith")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-proxy.flags.flagsmith.api-key"));
		this.runner.withPropertyValues("llm-proxy.flags.provider=flagsmith")
			.withClassLoader(new FilteredClassLoader("dev.openfeature.contrib"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("no client for flagsmith"));
	}

	@Test
	void anOwnProviderIsAskedElsewhereAndRememberedWhenItFails() {
		this.runner.withUserConfiguration(Own.class)
			.withPropertyValues("llm-proxy.flags.max-age=1ms", "llm-proxy.flags.deadline=20s")
			.run((context) -> {
				Slow slow = context.getBean(Slow.class);
				Flags flags = context.getBean(Flags.class);
				LlmFilter filter = context.getBean(FlagFilter.class);
				LlmRequest request = request("k", "search");
				slow.gate.countDown();
				pass(filter, request).block(Duration.ofSeconds(20));
				assertThat(flags.on("fast", request)).isTrue();
				assertThat(slow.threads).allMatch((name) -> name.startsWith("llm-proxy-flags-"));
				slow.dead = true;
				int asked = slow.threads.size();
				Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
					assertThat(flags.on("fast", request)).isTrue();
					assertThat(slow.threads.size()).isGreaterThan(asked + 2);
				});
				// Nobody has ever known about this one.
				pass(filter, request("other", "search")).block(Duration.ofSeconds(20));
				assertThat(flags.on("fast", request("other", "search"))).isFalse();
			});
	}

	@Test
	void aServerThatIsSilentKeepsNobodyWaiting() {
		this.runner.withUserConfiguration(Own.class)
			.withPropertyValues("llm-proxy.flags.deadline=50ms", "llm-proxy.flags.values.fast.default-variant=true")
			.run((context) -> {
				Slow slow = context.getBean(Slow.class);
				LlmFilter filter = context.getBean(FlagFilter.class);
				LlmRequest request = request("k", "search");
				pass(filter, request).block(Duration.ofSeconds(20));
				assertThat(context.getBean(Flags.class).on("fast", request)).isTrue();
				slow.gate.countDown();
			});
	}

	@Test
	void isNotThereWithoutTheSdkAndSaysSo() {
		ReactiveWebApplicationContextRunner bare = Gateway.runner()
			.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class, ContextAutoConfiguration.class,
					FlagAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("dev.openfeature"))
			.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.routes.a.targets[0].model=up/m");
		bare.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Flags.class));
		bare.withPropertyValues("llm-proxy.routes.a.hedging.flag=fast")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-proxy.routes.a.hedging.flag"));
	}

	@Test
	void refusesFlagsThatCanNotBe() {
		refused("llm-proxy.flags.values.fast.split.true=30", "must sum up to 100");
		refused("llm-proxy.flags.values.fast.default-variant=maybe", "there is no variant 'maybe'");
		refused("llm-proxy.flags.values.fast.variants.a=text", "default-variant is missing");
		refused("llm-proxy.flags.values.other.default-variant=true", "there is no flag 'fast'");
		refused("llm-proxy.flags.by=ip", "there is no 'ip'");
	}

	private void refused(String property, String message) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining(message));
	}

	private static Mono<LlmResponse> pass(LlmFilter filter, LlmRequest request) {
		return Mono.defer(() -> filter.filter(request, (next) -> Mono.empty()));
	}

	private static final class Flagd extends FlagSyncServiceGrpc.FlagSyncServiceImplBase {

		@Override
		public void syncFlags(Sync.SyncFlagsRequest request, StreamObserver<Sync.SyncFlagsResponse> answers) {
			answers.onNext(Sync.SyncFlagsResponse.newBuilder().setFlagConfiguration(FLAGD).build());
		}

		@Override
		@SuppressWarnings("deprecation") // the provider asks for it yet
		public void getMetadata(Sync.GetMetadataRequest request, StreamObserver<Sync.GetMetadataResponse> answers) {
			answers.onNext(Sync.GetMetadataResponse.getDefaultInstance());
			answers.onCompleted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		Slow slow() {
			return new Slow();
		}

	}

	/** Knows one flag, takes its time, and may die. */
	static final class Slow implements FeatureProvider {

		final CountDownLatch gate = new CountDownLatch(1);

		final List<String> threads = new CopyOnWriteArrayList<>();

		volatile boolean dead;

		@Override
		public Metadata getMetadata() {
			return () -> "slow";
		}

		@Override
		public ProviderEvaluation<Boolean> getBooleanEvaluation(String flag, Boolean otherwise,
				EvaluationContext context) {
			this.threads.add(Thread.currentThread().getName());
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (this.dead) {
				return ProviderEvaluation.<Boolean>builder().value(otherwise).errorCode(ErrorCode.GENERAL).build();
			}
			return ProviderEvaluation.<Boolean>builder().value(true).build();
		}

		@Override
		public ProviderEvaluation<String> getStringEvaluation(String flag, String otherwise,
				EvaluationContext context) {
			return ProviderEvaluation.<String>builder().value(otherwise).build();
		}

		@Override
		public ProviderEvaluation<Integer> getIntegerEvaluation(String flag, Integer otherwise,
				EvaluationContext context) {
			return ProviderEvaluation.<Integer>builder().value(otherwise).build();
		}

		@Override
		public ProviderEvaluation<Double> getDoubleEvaluation(String flag, Double otherwise,
				EvaluationContext context) {
			return ProviderEvaluation.<Double>builder().value(otherwise).build();
		}

		@Override
		public ProviderEvaluation<Value> getObjectEvaluation(String flag, Value otherwise, EvaluationContext context) {
			return ProviderEvaluation.<Value>builder().value(otherwise).build();
		}

	}

}
