package dev.llmproxy;

import java.io.ObjectInputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Holds the shape of the library: which package may use which, and what no code here
 * does. A rule about a package that does not exist yet holds.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.llmproxy";

	/**
	 * Each line may use the lines above it. Packages on one line do not know each other:
	 * they meet through {@code gateway} and {@code provider}, and {@code autoconfigure}
	 * puts them together.
	 */
	private static final List<Set<String>> STACK = List.of(Set.of("chat"), Set.of("dialect"), Set.of("gateway"),
			Set.of("provider"), Set.of("routing", "resilience", "context", "cache", "limit", "access"),
			Set.of("observability"), Set.of("event", "flag", "plugin"),
			Set.of("web", "systemd", "client", "test", "cluster"), Set.of("autoconfigure"));

	/**
	 * Classes outside {@code autoconfigure} that may wait or subscribe, each with the
	 * reason.
	 */
	private static final Map<String, String> MAY_SUBSCRIBE = Map.ofEntries(
			Map.entry("dev.llmproxy.gateway.ResponseBody", "discarding a body is subscribing to cancel"),
			Map.entry("dev.llmproxy.provider.BoundedAggregate", "an operator: passes its subscriber's cancel on"),
			Map.entry("dev.llmproxy.provider.StreamRelay", "an operator: passes its subscriber's cancel on"),
			Map.entry("dev.llmproxy.gateway.AnswerWatch", "an operator: passes its subscriber's cancel on"),
			Map.entry("dev.llmproxy.provider.Exchange", "an operator: passes its subscriber's cancel on"),
			Map.entry("dev.llmproxy.routing.HedgedMono", "an operator: passes its subscriber's cancel on"),
			Map.entry("dev.llmproxy.routing.Mirrors", "nobody waits for the answer of a mirrored request"),
			Map.entry("dev.llmproxy.web.LaneExchange",
					"a front: the end of the pipeline, which cancels when its caller leaves"),
			Map.entry("dev.llmproxy.client.springai.GatewayChatModel", "Spring AI's interface waits"),
			Map.entry("dev.llmproxy.client.springai.GatewayEmbeddingModel", "Spring AI's interface waits"),
			Map.entry("dev.llmproxy.client.langchain4j.GatewayChatModel", "LangChain4j's interface waits"),
			Map.entry("dev.llmproxy.client.langchain4j.GatewayEmbeddingModel", "LangChain4j's interface waits"),
			Map.entry("dev.llmproxy.client.langchain4j.GatewayStreamingChatModel", "LangChain4j has handlers"),
			Map.entry("dev.llmproxy.limit.redis.RedisLimitStore",
					"nobody waits for what is settled, or for a node's sign of life"),
			Map.entry("dev.llmproxy.cache.CacheFilter", "nobody waits for a comparison of answers"),
			Map.entry("dev.llmproxy.cache.redis.RedisAnswers", "nobody waits for what is kept there"),
			Map.entry("dev.llmproxy.cache.redis.RedisQuestions", "nobody waits for what is remembered there"),
			Map.entry("dev.llmproxy.cache.SharedBody", "an operator: passes its last reader's cancel on"),
			Map.entry("dev.llmproxy.cache.Flight", "one call for many callers, cancelled when the last of them leaves"),
			Map.entry("dev.llmproxy.context.Summaries", "nobody waits for a summary that is prepared"),
			Map.entry("dev.llmproxy.event.redis.RedisEventStream", "nobody waits for what is told there"),
			Map.entry("dev.llmproxy.cluster.redis.RedisCluster", "nobody waits for what nodes tell each other"),
			Map.entry("dev.llmproxy.provider.catalog.ModelDiscovery",
					"nobody waits for a list that is asked for anew, and nobody's leaving ends it"));

	private static final Set<String> LEAVING_THE_PIPELINE = Set.of("block", "blockOptional", "blockFirst", "blockLast",
			"subscribe", "subscribeWith", "toFuture", "toStream", "toIterable");

	private static final JavaClasses MAIN = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@Test
	void everyPackageHasItsPlaceInTheStack() {
		String[] places = packages(STACK.stream().flatMap(Set::stream).toList());
		check(classes().should()
			.resideInAnyPackage(places)
			.because("a new package gets its place in " + getClass().getSimpleName() + ".STACK first"));
	}

	@Test
	void packagesUseOnlyThoseAboveThem() {
		Set<String> others = STACK.stream().flatMap(Set::stream).collect(Collectors.toSet());
		for (Set<String> line : STACK) {
			for (String feature : line) {
				others.remove(feature);
				check(noClasses().that()
					.resideInAnyPackage(packages(Set.of(feature)))
					.should()
					.dependOnClassesThat()
					.resideInAnyPackage(packages(others)));
				others.add(feature);
			}
			others.removeAll(line);
		}
	}

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
	}

	@Test
	void onlyAutoconfigureUsesSpringBoot() {
		check(noClasses().that()
			.resideOutsideOfPackage(ROOT + ".autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.because("the library works without Spring Boot"));
	}

	@Test
	void chatUsesTheJdkOnly() {
		check(classes().that()
			.resideInAPackage(ROOT + ".chat..")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT + ".chat..", "java..", "org.jspecify.."));
	}

	@Test
	void dialectUsesTheJdkAndJacksonOnly() {
		check(classes().that()
			.resideInAPackage(ROOT + ".dialect..")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT + ".dialect..", ROOT + ".chat..", "java..", "org.jspecify..", "tools.jackson..")
			.because("a codec is plain synchronous Java"));
	}

	@Test
	void dialectsDoNotKnowEachOther() {
		check(slices().matching(ROOT + ".dialect.(*)..")
			.should()
			.notDependOnEachOther()
			.ignoreDependency(alwaysTrue(), resideInAPackage(ROOT + ".dialect.framing.."))
			.because("there are N codecs, never N² translators"));
	}

	@Test
	void onlyObservabilityUsesMicrometerCore() {
		check(noClasses().that()
			.resideOutsideOfPackages(ROOT + ".observability..", ROOT + ".autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.core.."));
	}

	@Test
	void nothingRunsCodeThatIsData() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.expression..", "javax.script..", "javax.naming..", "javax.tools..",
					"java.rmi..", "groovy..", "freemarker..", "org.apache.velocity..", "org.thymeleaf..")
			.orShould()
			.dependOnClassesThat()
			.belongToAnyOf(Process.class, ProcessBuilder.class, ProcessHandle.class, ObjectInputStream.class)
			.orShould()
			.dependOnClassesThat()
			.haveSimpleName("ConditionalOnExpression")
			.orShould()
			.callMethodWhere(methodOf(Runtime.class, Set.of("exec", "load", "loadLibrary")))
			.because("neither a request nor configuration nor an administrator may make the gateway run anything"));
	}

	@Test
	void nothingLogsAroundTheFacade() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."));
		check(GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
	}

	@Test
	void nothingInjectsIntoFields() {
		check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
	}

	@Test
	void everyPackageIsNullMarked() {
		check(classes().should(ArchCondition.from(describe("reside in a package with a @NullMarked package-info",
				(type) -> type.getPackage().isAnnotatedWith(NullMarked.class)))));
	}

	@Test
	void namesSayRoles() {
		check(noClasses().should()
			.haveNameMatching(".*(Manager|Helper|Util|Utils|Base)(\\$.*)?")
			.orShould()
			.resideInAnyPackage("..util..", "..common..", "..impl..", "..dto..", "..service..")
			.because("such a name says nothing"));
	}

	@Test
	void nothingBlocksOrSubscribes() {
		check(noClasses().that()
			.resideOutsideOfPackage(ROOT + ".autoconfigure..")
			.and(areNotListedIn(MAY_SUBSCRIBE))
			.should()
			.accessTargetWhere(methodOf(Publisher.class, LEAVING_THE_PIPELINE))
			.orShould()
			.accessTargetWhere(methodOf(Thread.class, Set.of("sleep")))
			.because("the caller's subscription, and with it the caller's cancel, has to reach upstream"));
	}

	@Test
	void nothingIsBoundToAThread() {
		check(noClasses().should()
			.dependOnClassesThat()
			.areAssignableTo(ThreadLocal.class)
			.orShould()
			.dependOnClassesThat()
			.haveSimpleName("FastThreadLocal")
			.because("one request is served by many threads"));
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(MAIN);
	}

	private static DescribedPredicate<JavaAccess<?>> methodOf(Class<?> owner, Set<String> names) {
		return describe(owner.getSimpleName() + " " + names, (access) -> names.contains(access.getTarget().getName())
				&& access.getTargetOwner().isAssignableTo(owner));
	}

	private static DescribedPredicate<JavaClass> areNotListedIn(Map<String, String> allowed) {
		return describe("have no leave to", (type) -> !allowed.containsKey(outermost(type).getName()));
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureTests::outermost).orElse(type);
	}

	private static String[] packages(Collection<String> features) {
		return features.stream().map((feature) -> ROOT + "." + feature + "..").toArray(String[]::new);
	}

}
