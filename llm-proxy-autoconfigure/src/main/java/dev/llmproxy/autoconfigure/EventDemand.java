package dev.llmproxy.autoconfigure;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.event.EventType;
import dev.llmproxy.event.LiveFeed;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Which events somebody may want, as far as that can be told when the application starts.
 * What nobody wants has no source, so that calls don't pay for it.
 *
 * @param application published as events of the application
 * @param all of all who listen
 */
record EventDemand(Set<EventType> application, Set<EventType> all) {

	/** Everything, for who may want anything later. */
	private static final Set<EventType> ANY = Set.of(EventType.values());

	static EventDemand of(ConfigurableListableBeanFactory factory, Environment environment,
			@Nullable ResourceLoader context) {
		Binder binder = Binder.get(environment);
		EventProperties events = binder.bindOrCreate("llm-proxy.events", EventProperties.class);
		AlertProperties alerts = binder.bindOrCreate("llm-proxy.alerts", AlertProperties.class);
		Set<EventType> application = switch (events.publish()) {
			case ALWAYS -> ANY;
			case NEVER -> Set.of();
			case AUTO -> listened(factory, context);
		};
		Set<EventType> all = EnumSet.noneOf(EventType.class);
		all.addAll(application);
		events.webhooks()
			.forEach((name, webhook) -> all
				.addAll(ConfiguredWebhook.types("llm-proxy.events.webhooks." + name + ".events", webhook.events())));
		if (events.redis().enabled()) {
			all.addAll(ConfiguredWebhook.types("llm-proxy.events.redis.events", events.redis().events()));
		}
		alerts.rules().forEach((name, rule) -> {
			if (rule.event() != null) {
				all.add(ConfiguredAlerts.type(name, rule.event()));
			}
		});
		if (factory.getBeanNamesForType(LiveFeed.class, false, false).length > 0) {
			all.addAll(ANY);
		}
		return new EventDemand(application, all);
	}

	/** What beans, and listeners that are none, say that they listen to. */
	private static Set<EventType> listened(ConfigurableListableBeanFactory factory, @Nullable ResourceLoader context) {
		Set<EventType> types = EnumSet.noneOf(EventType.class);
		for (String name : factory.getBeanDefinitionNames()) {
			Class<?> type = type(factory, name);
			if (type == null) {
				continue;
			}
			if (ApplicationListener.class.isAssignableFrom(type)) {
				types.addAll(heard(factory.getMergedBeanDefinition(name).getResolvableType()));
				types.addAll(heard(ResolvableType.forClass(type)));
			}
			if (!type.getName().startsWith("org.springframework.")
					&& AnnotationUtils.isCandidateClass(type, EventListener.class)) {
				methods(type).forEach((method, listener) -> types.addAll(heard(method, listener)));
			}
		}
		if (context instanceof AbstractApplicationContext application) {
			application.getApplicationListeners()
				.forEach((listener) -> types.addAll(heard(ResolvableType.forClass(listener.getClass()))));
		}
		return types;
	}

	private static @Nullable Class<?> type(ConfigurableListableBeanFactory factory, String name) {
		Class<?> target = AutoProxyUtils.determineTargetClass(factory, name);
		return (target != null) ? target : factory.getType(name, false);
	}

	/**
	 * None where the class names others that are absent, as an optional dependency's may:
	 * Spring itself finds no listener there either.
	 */
	private static Map<Method, EventListener> methods(Class<?> type) {
		try {
			return MethodIntrospector.selectMethods(type,
					(MetadataLookup<EventListener>) (method) -> AnnotatedElementUtils.findMergedAnnotation(method,
							EventListener.class));
		}
		catch (IllegalStateException | LinkageError ex) {
			return Map.of();
		}
	}

	private static Set<EventType> heard(ResolvableType listener) {
		ResolvableType event = listener.as(ApplicationListener.class).getGeneric(0);
		return event(event);
	}

	private static Set<EventType> heard(Method method, EventListener listener) {
		Set<EventType> types = EnumSet.noneOf(EventType.class);
		Arrays.stream(listener.classes()).forEach((type) -> types.addAll(EventType.heardAs(type)));
		if (listener.classes().length == 0 && method.getParameterCount() == 1) {
			types.addAll(event(ResolvableType.forMethodParameter(method, 0)));
		}
		return types;
	}

	private static Set<EventType> event(ResolvableType event) {
		Class<?> type = event.resolve();
		if (type == PayloadApplicationEvent.class) {
			type = event.getGeneric(0).resolve();
		}
		return (type != null) ? EventType.heardAs(type) : Set.of();
	}

}
