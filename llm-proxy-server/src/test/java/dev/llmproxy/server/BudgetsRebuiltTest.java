package dev.llmproxy.server;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What was spent is known after a start. */
class BudgetsRebuiltTest {

	@Test
	@Tag("once")
	void fault61BudgetsAreReadFromTheLedgerAgain(@TempDir Path directory) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.usage.ledger.store", "file");
		properties.put("llm-proxy.usage.ledger.file.directory", directory.toString());
		properties.put("llm-proxy.routes.dear.targets[0].model", "up/dear");
		properties.put("llm-proxy.routes.dear.targets[0].prices.input", "1000");
		properties.put("llm-proxy.routes.dear.targets[0].prices.output", "2000");
		properties.put("llm-proxy.budgets.rules.each-key.per", "key");
		properties.put("llm-proxy.budgets.rules.each-key.amount", "1.50");
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, BudgetsTest.ANSWER))) {
			spendAndStartAnew(upstream, properties);
		}
	}

	/**
	 * One after the other: servers of one JVM share event loops, which the end of one
	 * ends.
	 */
	private static void spendAndStartAnew(ScriptedUpstream upstream, Map<String, String> properties) {
		try (TestServer first = TestServer.withUpstream(upstream.url(), properties);
				RawHttpClient client = first.client()) {
			assertThat(BudgetsTest.ask(client, "/v1/chat/completions").status()).isEqualTo(200);
		}
		try (TestServer second = TestServer.withUpstream(upstream.url(), properties);
				RawHttpClient client = second.client()) {
			assertThat(BudgetsTest.ask(client, "/v1/chat/completions").status()).isEqualTo(422);
		}
	}

}
