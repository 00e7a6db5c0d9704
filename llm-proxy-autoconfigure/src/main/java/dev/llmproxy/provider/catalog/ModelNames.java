package dev.llmproxy.provider.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names that a provider's model may be known under, the likeliest first: with what
 * providers and resellers put around a model's own name taken away.
 */
final class ModelNames {

	/** Providers that have the models of others for the same price. */
	private static final Map<String, List<String>> RESOLD = Map.of("vertex", List.of("gemini", "anthropic", "mistral"),
			"bedrock", List.of("anthropic"));

	/** What vendors are called by those that resell their models. */
	private static final Map<String, String> VENDORS = Map.ofEntries(Map.entry("openai", "openai"),
			Map.entry("anthropic", "anthropic"), Map.entry("google", "gemini"), Map.entry("mistralai", "mistral"),
			Map.entry("mistral", "mistral"), Map.entry("x-ai", "xai"), Map.entry("xai", "xai"),
			Map.entry("deepseek", "deepseek"), Map.entry("deepseek-ai", "deepseek"), Map.entry("cohere", "cohere"),
			Map.entry("amazon", "bedrock"), Map.entry("perplexity", "perplexity"));

	/** Where Bedrock has a model answer: {@code us.}, {@code eu.}, {@code global.} … */
	private static final Pattern REGION = Pattern.compile("^(us|eu|apac|jp|au|ca|sa|us-gov|global)\\.(?=[a-z0-9]+\\.)");

	private static final Pattern VERSION = Pattern.compile(
			"(-preview|-exp)?([-@]v\\d+(:\\d+)?|:\\d+|[-@]\\d{4}-\\d{2}-\\d{2}|-\\d{2}-\\d{2}(\\d{2})?|[-@]\\d{3,8}"
					+ "(-v\\d+)?(:\\d+)?|[-@](latest|default|0|preview|exp))");

	private ModelNames() {
	}

	/** Names with the vendor, that stand for the very model. */
	static List<String> exact(String type, String model) {
		String name = plain(type, model);
		List<String> names = new ArrayList<>(3);
		names.add(type + "/" + name);
		for (String vendor : RESOLD.getOrDefault(type, List.of())) {
			names.add(vendor + "/" + (name.startsWith(vendor + ".") ? name.substring(vendor.length() + 1) : name));
		}
		return names;
	}

	/** Names of models that are alike, of others and for other prices. */
	static List<String> alike(String type, String model) {
		String name = plain(type, model);
		List<String> names = new ArrayList<>(2);
		int slash = name.indexOf('/');
		String vendor = (slash > 0) ? VENDORS.get(name.substring(0, slash)) : null;
		if (vendor != null) {
			names.add(vendor + "/" + name.substring(slash + 1));
		}
		String bare = name.substring(name.lastIndexOf('/') + 1);
		// Sizes and kinds follow a colon where models are run by oneself.
		names.add("open/" + ((bare.indexOf(':') > 0) ? bare.substring(0, bare.indexOf(':')) : bare));
		return names;
	}

	/** Whether its models are called what an operator calls them. */
	static boolean namesItself(String type) {
		return type.equals("azure") || type.equals("simulator");
	}

	private static String plain(String type, String model) {
		String name = model.toLowerCase(Locale.ROOT);
		if (name.startsWith("models/")) {
			name = name.substring("models/".length());
		}
		if (name.startsWith("ft:")) {
			// Vendor and name of one's own follow the model's.
			int end = name.indexOf(':', 3);
			name = name.substring(3, (end > 0) ? end : name.length());
		}
		return type.equals("bedrock") ? REGION.matcher(name).replaceFirst("") : name;
	}

	/** Whether a model's name is another's with a version behind it. */
	static boolean isVersion(String base, String name) {
		return name.length() > base.length() && VERSION.matcher(name).region(base.length(), name.length()).matches();
	}

}
