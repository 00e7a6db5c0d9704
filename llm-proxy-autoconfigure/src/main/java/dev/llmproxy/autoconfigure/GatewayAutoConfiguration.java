package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.TokenCountCodec;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.gateway.DefaultLlmGateway;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.routing.RoutingHandler;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The gateway: codecs, and the filters folded around the handler that routes. */
@AutoConfiguration(after = RoutingAutoConfiguration.class)
@Import(CodecConfiguration.class)
public final class GatewayAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Codecs llmCodecs(List<InboundCodec> inbound, List<UpstreamCodec> upstream, List<EmbeddingsCodec> embeddings,
			List<TokenCountCodec> tokenCounts) {
		return new Codecs(inbound, upstream, embeddings, tokenCounts);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmGateway llmGateway(List<LlmFilter> filters, RoutingHandler routing, Codecs codecs) {
		return new DefaultLlmGateway(filters, routing, codecs);
	}

}
