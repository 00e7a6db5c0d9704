package dev.llmproxy.provider;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.ProviderPreset.Auth;
import org.jspecify.annotations.Nullable;

/**
 * The vendors we know, as data. Facts are from their API references; a fact that is
 * missing here can be given in configuration.
 */
public final class ProviderPresets {

	private static final Map<String, ProviderPreset> PRESETS = new LinkedHashMap<>();

	static {
		ownDialects();
		openAiCompatible();
		selfHosted();
	}

	private ProviderPresets() {
	}

	private static void ownDialects() {
		add(ProviderPreset.builder("openai")
			.baseUrl("https://api.openai.com/v1")
			.chat()
			.responses()
			.completions()
			.embeddings()
			.moderations()
			.images()
			.speech()
			.transcriptions()
			.endpoint(Operation.COUNT_TOKENS, Dialect.RESPONSES, new Endpoint("/responses/input_tokens"))
			.environment("OPENAI_API_KEY")
			.modelPrefixes("gpt-", "chatgpt-", "o1", "o3", "o4-", "text-embedding-3", "text-embedding-ada", "dall-e-",
					"whisper-", "tts-", "omni-moderation", "text-moderation", "davinci-", "babbage-", "codex-"));
		// Azure's v1 API: the model is the deployment's name.
		add(ProviderPreset.builder("azure")
			.vendor("azure.ai.openai")
			.chat()
			.responses()
			.completions()
			.embeddings()
			.images()
			.speech()
			.transcriptions()
			.auth(Auth.API_KEY)
			.environment("AZURE_OPENAI_API_KEY"));
		add(ProviderPreset.builder("anthropic")
			.baseUrl("https://api.anthropic.com/v1")
			.messages()
			.endpoint(Operation.COUNT_TOKENS, Dialect.ANTHROPIC, new Endpoint("/messages/count_tokens"))
			.auth(Auth.X_API_KEY)
			.headers(Map.of("anthropic-version", "2023-06-01"))
			.environment("ANTHROPIC_API_KEY")
			.modelPrefixes("claude-"));
		add(gemini("gemini").vendor("gcp.gemini")
			.baseUrl("https://generativelanguage.googleapis.com/v1beta")
			.auth(Auth.X_GOOG_API_KEY)
			.environment("GEMINI_API_KEY", "GOOGLE_API_KEY")
			.modelPrefixes("gemini-", "gemma-"));
		add(gemini("vertex").vendor("gcp.vertex_ai").models(null).auth(Auth.GOOGLE_OAUTH));
		add(ProviderPreset.builder("bedrock")
			.vendor("aws.bedrock")
			.endpoint(Operation.CHAT, Dialect.BEDROCK,
					new Endpoint("/model/{model}/converse", "/model/{model}/converse-stream"))
			.models(null)
			.auth(Auth.AWS_SIGV4)
			.environment("AWS_BEARER_TOKEN_BEDROCK"));
	}

	private static ProviderPreset.Builder gemini(String type) {
		return ProviderPreset.builder(type)
			.endpoint(Operation.CHAT, Dialect.GEMINI,
					new Endpoint("/models/{model}:generateContent", "/models/{model}:streamGenerateContent?alt=sse"))
			.endpoint(Operation.COUNT_TOKENS, Dialect.GEMINI, new Endpoint("/models/{model}:countTokens"))
			.endpoint(Operation.EMBEDDINGS, Dialect.GEMINI, new Endpoint("/models/{model}:batchEmbedContents"));
	}

	private static void openAiCompatible() {
		add(ProviderPreset.builder("cohere")
			.baseUrl("https://api.cohere.ai")
			.openAi(Operation.CHAT, "/compatibility/v1/chat/completions")
			.openAi(Operation.EMBEDDINGS, "/compatibility/v1/embeddings")
			.openAi(Operation.TRANSCRIPTION, "/compatibility/v1/audio/transcriptions")
			.openAi(Operation.RERANK, "/v2/rerank")
			.models("/v1/models")
			.unsupported("store", "metadata", "logit_bias", "top_logprobs", "n", "modalities", "prediction", "audio",
					"service_tier", "parallel_tool_calls")
			.maxTokens()
			.environment("COHERE_API_KEY", "CO_API_KEY")
			.modelPrefixes("command-", "rerank-", "embed-"));
		add(ProviderPreset.builder("mistral")
			.vendor("mistral_ai")
			.baseUrl("https://api.mistral.ai/v1")
			.chat()
			.embeddings()
			.moderations()
			.transcriptions()
			// Whatever it does not know it refuses with 422.
			.unsupported("stream_options", "logit_bias", "logprobs", "top_logprobs", "user", "store",
					"safety_identifier", "verbosity", "modalities", "audio", "web_search_options")
			.renamed(Map.of("max_completion_tokens", "max_tokens", "seed", "random_seed"))
			.environment("MISTRAL_API_KEY")
			.modelPrefixes("mistral-", "ministral-", "codestral-", "magistral-", "pixtral-", "devstral-", "voxtral-",
					"open-mistral-", "open-mixtral-"));
		add(ProviderPreset.builder("groq")
			.baseUrl("https://api.groq.com/openai/v1")
			.chat()
			.responses()
			.speech()
			.transcriptions()
			.unsupported("logit_bias", "logprobs", "top_logprobs")
			.environment("GROQ_API_KEY"));
		add(ProviderPreset.builder("xai")
			.vendor("x_ai")
			.baseUrl("https://api.x.ai/v1")
			.chat()
			.responses()
			.images()
			.unsupported("logit_bias")
			.environment("XAI_API_KEY")
			.modelPrefixes("grok-"));
		add(ProviderPreset.builder("perplexity")
			.baseUrl("https://api.perplexity.ai")
			.chat()
			.endpoint(Operation.CHAT, Dialect.RESPONSES, new Endpoint("/v1/responses"))
			.models(null)
			.unsupported("logit_bias", "logprobs", "top_logprobs", "n", "seed", "user", "store", "service_tier",
					"parallel_tool_calls")
			.maxTokens()
			.environment("PERPLEXITY_API_KEY", "PPLX_API_KEY")
			.modelPrefixes("sonar"));
		add(ProviderPreset.builder("deepseek")
			.baseUrl("https://api.deepseek.com")
			.chat()
			.endpoint(Operation.CHAT, Dialect.ANTHROPIC, new Endpoint("/anthropic/v1/messages"))
			.maxTokens()
			.environment("DEEPSEEK_API_KEY")
			.modelPrefixes("deepseek-"));
		add(ProviderPreset.builder("openrouter")
			.baseUrl("https://openrouter.ai/api/v1")
			.chat()
			.completions()
			.responses()
			.messages()
			.embeddings()
			.environment("OPENROUTER_API_KEY"));
		add(ProviderPreset.builder("together")
			.baseUrl("https://api.together.ai/v1")
			.chat()
			.completions()
			.embeddings()
			.images()
			.speech()
			.transcriptions()
			.rerank()
			.maxTokens()
			.environment("TOGETHER_API_KEY"));
		add(ProviderPreset.builder("fireworks")
			.baseUrl("https://api.fireworks.ai/inference/v1")
			.chat()
			.completions()
			.responses()
			.embeddings()
			.rerank()
			.maxTokens()
			.environment("FIREWORKS_API_KEY"));
		add(ProviderPreset.builder("cerebras")
			.baseUrl("https://api.cerebras.ai/v1")
			.chat()
			.completions()
			.unsupported("frequency_penalty", "presence_penalty", "logit_bias", "store", "metadata")
			.environment("CEREBRAS_API_KEY"));
		add(ProviderPreset.builder("nvidia")
			.baseUrl("https://integrate.api.nvidia.com/v1")
			.chat()
			.completions()
			.embeddings()
			.maxTokens()
			.environment("NVIDIA_API_KEY"));
		add(ProviderPreset.builder("huggingface")
			.baseUrl("https://router.huggingface.co/v1")
			.chat()
			.responses()
			.maxTokens()
			.environment("HF_TOKEN"));
		add(ProviderPreset.builder("blackbox")
			.baseUrl("https://api.blackbox.ai")
			.chat()
			.maxTokens()
			.environment("BLACKBOX_API_KEY"));
	}

	private static void selfHosted() {
		add(ProviderPreset.builder("ollama")
			.baseUrl("http://localhost:11434/v1")
			.chat()
			.completions()
			.responses()
			.embeddings()
			.maxTokens());
		add(ProviderPreset.builder("vllm")
			.baseUrl("http://localhost:8000/v1")
			.chat()
			.completions()
			.responses()
			.embeddings()
			.transcriptions()
			.rerank());
		add(ProviderPreset.builder("lmstudio")
			.baseUrl("http://localhost:1234/v1")
			.chat()
			.completions()
			.responses()
			.embeddings()
			.maxTokens());
		add(ProviderPreset.builder("llamacpp")
			.baseUrl("http://localhost:8080/v1")
			.chat()
			.completions()
			.embeddings()
			.rerank()
			.maxTokens());
		add(ProviderPreset.builder("openai-compatible")
			.vendor("openai")
			.chat()
			.completions()
			.embeddings()
			.moderations()
			.images()
			.speech()
			.transcriptions()
			.rerank());
	}

	private static void add(ProviderPreset.Builder builder) {
		ProviderPreset preset = builder.build();
		PRESETS.put(preset.type(), preset);
	}

	public static @Nullable ProviderPreset find(String type) {
		return PRESETS.get(type);
	}

	public static Collection<ProviderPreset> all() {
		return Collections.unmodifiableCollection(PRESETS.values());
	}

}
