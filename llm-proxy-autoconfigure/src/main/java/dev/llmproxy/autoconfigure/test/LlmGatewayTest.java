package dev.llmproxy.autoconfigure.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what an application does with the gateway, and of nothing else of it: the
 * gateway as it is configured, Spring AI's and LangChain4j's models where they are on the
 * class path, no web server, and none of the application's components but those that are
 * named.
 *
 * <pre class="code">
 * &#64;LlmGatewayTest(includeFilters = &#64;Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Weather.class))
 * class WeatherTest {
 * </pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(LlmGatewayTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(LlmGatewayTypeExcludeFilter.class)
@ImportAutoConfiguration
@AutoConfigureLlmGateway
public @interface LlmGatewayTest {

	/** Properties for the test, as {@code name=value}. */
	String[] properties() default {};

	/** Whether there is a filter by default, which lets nothing pass. */
	boolean useDefaultFilters() default true;

	/** The application's components that are there. */
	Filter[] includeFilters() default {};

	/** Those that are not, in spite of that. */
	Filter[] excludeFilters() default {};

	/** Auto-configurations to leave out. */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
