package dev.llmproxy.flag;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.gateway.Flags;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of flags: a part of the snapshot. Immutable.
 *
 * @param model the flag that names the model; {@code null} for none
 * @param by what tells whose share of a percentage a request is, the first that it has:
 * {@code caller}, {@code user}, {@code team} or {@code metadata.<name>}
 * @param routes names of routes
 * @param values flags that are configured here
 * @param general flags that are asked for every request
 * @param byRoute flags that are asked for requests of a route
 * @param deciding those of them that decide which model of the route answers
 */
public record FlagSettings(@Nullable String model, List<String> by, Set<String> routes,
		Map<String, FlagDefinition> values, List<Flags.Asked> general, Map<String, List<Flags.Asked>> byRoute,
		Map<String, List<Flags.Asked>> deciding) {

	/** No flags. */
	public static final FlagSettings NONE = new FlagSettings(null, List.of("caller"), Set.of(), Map.of(), List.of(),
			Map.of(), Map.of());

	public FlagSettings {
		by = List.copyOf(by);
		routes = Set.copyOf(routes);
		values = Map.copyOf(values);
		general = List.copyOf(general);
		byRoute = Map.copyOf(byRoute);
		deciding = Map.copyOf(deciding);
	}

	/** Whether no flag is asked for anything. */
	public boolean unused() {
		return this.model == null && this.general.isEmpty() && this.byRoute.isEmpty();
	}

	/** All flags that are asked for a model, as callers name it. */
	List<Flags.Asked> asked(String model) {
		List<Flags.Asked> own = this.byRoute.get(model);
		if (own == null) {
			return this.general;
		}
		List<Flags.Asked> all = new ArrayList<>(this.general);
		all.addAll(own);
		return all;
	}

	/** Those that decide which model answers. */
	List<Flags.Asked> deciding(String model) {
		return this.deciding.getOrDefault(model, List.of());
	}

}
