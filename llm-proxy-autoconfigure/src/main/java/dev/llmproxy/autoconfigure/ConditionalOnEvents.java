package dev.llmproxy.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.llmproxy.event.EventType;

import org.springframework.context.annotation.Conditional;

/** Matches where somebody may want events of one of these types. */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnEventsCondition.class)
@interface ConditionalOnEvents {

	/** By default any. */
	EventType[] value() default {};

	/** Whether it has to be the application who wants them. */
	boolean application() default false;

}
