package dev.llmproxy.server.migration;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import org.jspecify.annotations.Nullable;

/**
 * A vendor as another gateway names it.
 *
 * @param type what it is here
 * @param baseUrl where it lives, if that is not the type's own address
 * @param variable where the other gateway looks for its key; {@code null} if it needs
 * none
 */
record Vendor(String type, @Nullable String baseUrl, @Nullable String variable) {

	private static final String COMPATIBLE = "openai-compatible";

	private static final Map<String, Vendor> LITELLM = new LinkedHashMap<>();

	private static final Map<String, Vendor> PORTKEY = new LinkedHashMap<>();

	static {
		litellm();
		litellmCompatible();
		portkey();
	}

	private static void litellm() {
		add(LITELLM, "openai", "OPENAI_API_KEY", "openai", "text-completion-openai");
		add(LITELLM, "azure", "AZURE_API_KEY", "azure", "azure_text");
		add(LITELLM, "azure", "AZURE_AI_API_KEY", "azure_ai");
		add(LITELLM, "anthropic", "ANTHROPIC_API_KEY", "anthropic", "anthropic_text");
		add(LITELLM, "bedrock", null, "bedrock", "bedrock_converse");
		add(LITELLM, "vertex", null, "vertex_ai", "vertex_ai_beta");
		add(LITELLM, "gemini", "GEMINI_API_KEY", "gemini");
		add(LITELLM, "groq", "GROQ_API_KEY", "groq");
		add(LITELLM, "mistral", "MISTRAL_API_KEY", "mistral");
		add(LITELLM, "deepseek", "DEEPSEEK_API_KEY", "deepseek");
		add(LITELLM, "openrouter", "OPENROUTER_API_KEY", "openrouter");
		add(LITELLM, "ollama", null, "ollama", "ollama_chat");
		add(LITELLM, "xai", "XAI_API_KEY", "xai");
		add(LITELLM, "together", "TOGETHERAI_API_KEY", "together_ai");
		add(LITELLM, "fireworks", "FIREWORKS_AI_API_KEY", "fireworks_ai");
		add(LITELLM, "cohere", "COHERE_API_KEY", "cohere", "cohere_chat");
		add(LITELLM, "perplexity", "PERPLEXITYAI_API_KEY", "perplexity");
		add(LITELLM, "huggingface", "HUGGINGFACE_API_KEY", "huggingface");
		add(LITELLM, "vllm", null, "hosted_vllm", "vllm");
		add(LITELLM, "lmstudio", null, "lm_studio");
		add(LITELLM, "llamacpp", null, "llamafile");
		add(LITELLM, "nvidia", "NVIDIA_NIM_API_KEY", "nvidia_nim");
		add(LITELLM, "cerebras", "CEREBRAS_API_KEY", "cerebras");
		add(LITELLM, COMPATIBLE, null, "openai_like", "custom_openai", "litellm_proxy", "xinference", "infinity",
				"docker_model_runner", "databricks");
	}

	/** Who speaks OpenAI's dialect, and has no type here. */
	private static void litellmCompatible() {
		at("codestral", "https://codestral.mistral.ai/v1", "CODESTRAL_API_KEY");
		at("deepinfra", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY");
		at("sambanova", "https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY");
		at("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY");
		at("dashscope", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY");
		at("novita", "https://api.novita.ai/v3/openai", "NOVITA_API_KEY");
		at("hyperbolic", "https://api.hyperbolic.xyz/v1", "HYPERBOLIC_API_KEY");
		at("nebius", "https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY");
		at("lambda_ai", "https://api.lambda.ai/v1", "LAMBDA_API_KEY");
		at("volcengine", "https://ark.cn-beijing.volces.com/api/v3", "VOLCENGINE_API_KEY");
		at("zai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY");
		at("meta_llama", "https://api.llama.com/compat/v1", "LLAMA_API_KEY");
		at("vercel_ai_gateway", "https://ai-gateway.vercel.sh/v1", "VERCEL_AI_GATEWAY_API_KEY");
		at("aiml", "https://api.aimlapi.com/v1", "AIML_API_KEY");
		at("voyage", "https://api.voyageai.com/v1", "VOYAGE_API_KEY");
		at("jina_ai", "https://api.jina.ai/v1", "JINA_AI_API_KEY");
		at("ai21_chat", "https://api.ai21.com/studio/v1", "AI21_API_KEY");
	}

	private static void portkey() {
		add(PORTKEY, "openai", "OPENAI_API_KEY", "openai");
		add(PORTKEY, "azure", "AZURE_OPENAI_API_KEY", "azure-openai", "azure-ai");
		add(PORTKEY, "anthropic", "ANTHROPIC_API_KEY", "anthropic");
		add(PORTKEY, "gemini", "GEMINI_API_KEY", "google");
		add(PORTKEY, "vertex", null, "vertex-ai");
		add(PORTKEY, "bedrock", null, "bedrock");
		add(PORTKEY, "cohere", "COHERE_API_KEY", "cohere");
		add(PORTKEY, "mistral", "MISTRAL_API_KEY", "mistral-ai");
		add(PORTKEY, "groq", "GROQ_API_KEY", "groq");
		add(PORTKEY, "together", "TOGETHER_API_KEY", "together-ai");
		add(PORTKEY, "fireworks", "FIREWORKS_API_KEY", "fireworks-ai");
		add(PORTKEY, "perplexity", "PERPLEXITY_API_KEY", "perplexity-ai");
		add(PORTKEY, "deepseek", "DEEPSEEK_API_KEY", "deepseek");
		add(PORTKEY, "openrouter", "OPENROUTER_API_KEY", "openrouter");
		add(PORTKEY, "xai", "XAI_API_KEY", "x-ai");
		add(PORTKEY, "cerebras", "CEREBRAS_API_KEY", "cerebras");
		add(PORTKEY, "huggingface", "HF_TOKEN", "huggingface");
		add(PORTKEY, "ollama", null, "ollama");
		add(PORTKEY, "lmstudio", null, "lmstudio");
		PORTKEY.put("deepinfra", new Vendor(COMPATIBLE, "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"));
		PORTKEY.put("sambanova", new Vendor(COMPATIBLE, "https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY"));
		PORTKEY.put("moonshot", new Vendor(COMPATIBLE, "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"));
		PORTKEY.put("novita-ai", new Vendor(COMPATIBLE, "https://api.novita.ai/v3/openai", "NOVITA_API_KEY"));
	}

	private static void add(Map<String, Vendor> all, String type, @Nullable String variable, String... names) {
		for (String name : names) {
			all.put(name, new Vendor(type, null, variable));
		}
	}

	private static void at(String name, String baseUrl, String variable) {
		LITELLM.put(name, new Vendor(COMPATIBLE, baseUrl, variable));
	}

	/** By the prefix of LiteLLM's models. */
	static @Nullable Vendor litellm(String prefix) {
		return LITELLM.get(prefix);
	}

	/** By the name of Portkey's provider. */
	static @Nullable Vendor portkey(String name) {
		return PORTKEY.get(name);
	}

	/** The prefix of a model that LiteLLM takes without one. */
	static @Nullable String ofModel(String model) {
		if (model.startsWith("gemini-")) {
			return "vertex_ai";
		}
		for (ProviderPreset preset : ProviderPresets.all()) {
			if (preset.modelPrefixes().stream().anyMatch(model::startsWith)) {
				return LITELLM.entrySet()
					.stream()
					.filter((entry) -> entry.getValue().type().equals(preset.type()))
					.map(Map.Entry::getKey)
					.findFirst()
					.orElse(null);
			}
		}
		return null;
	}

}
