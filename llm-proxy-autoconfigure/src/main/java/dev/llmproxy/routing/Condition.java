package dev.llmproxy.routing;

/** What a request must be like to be routed one way. Thread-safe. */
@FunctionalInterface
public interface Condition {

	boolean matches(RoutingContext context);

}
