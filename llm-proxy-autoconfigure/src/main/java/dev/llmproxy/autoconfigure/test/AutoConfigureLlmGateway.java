package dev.llmproxy.autoconfigure.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.llmproxy.test.CassetteMode;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.test.context.TestExecutionListeners;
import org.springframework.test.context.TestExecutionListeners.MergeMode;

/**
 * Has a test's gateway answer without a network: by the simulator in every provider's
 * place, or by what was recorded once. A {@link dev.llmproxy.test.GatewayFaults} makes
 * attempts fail. A test that asks what was not recorded fails, and says what is
 * different. Put it beside {@code @SpringBootTest}; {@link LlmGatewayTest} has it
 * already.
 *
 * <pre class="code">
 * &#64;SpringBootTest
 * &#64;AutoConfigureLlmGateway(cassette = "src/test/cassettes/weather.json")
 * class WeatherTest {
 * </pre>
 *
 * Record with {@code -Dllm-proxy.test.cassette-mode=record}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("llm-proxy.test")
@TestExecutionListeners(listeners = LlmGatewayTestExecutionListener.class, mergeMode = MergeMode.MERGE_WITH_DEFAULTS)
public @interface AutoConfigureLlmGateway {

	/** Whether the simulator answers in every provider's place; not with a cassette. */
	@PropertyMapping(skip = PropertyMapping.Skip.ON_DEFAULT_VALUE)
	boolean simulated() default true;

	/** The file of recorded answers, relative to where the tests run; empty for none. */
	@PropertyMapping(skip = PropertyMapping.Skip.ON_DEFAULT_VALUE)
	String cassette() default "";

	/**
	 * What is done with the cassette. What is said here goes before the property; better
	 * leave it out, and set {@code llm-proxy.test.cassette-mode} for one run.
	 */
	@PropertyMapping(skip = PropertyMapping.Skip.ON_DEFAULT_VALUE)
	CassetteMode cassetteMode() default CassetteMode.REPLAY;

}
