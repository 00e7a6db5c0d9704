package dev.llmproxy.cluster.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.redis.Changes.Numbered;
import dev.llmproxy.cluster.redis.MessageFormat.Received;

/**
 * What Redis keeps for nodes that did not hear it.
 *
 * @param hints with what is left of each
 * @param invalid how many were none of ours
 */
record Kept(List<Numbered> changes, List<Received> hints, long invalid) {

	/** Reads the answer of the script, whose lines begin with a letter and a space. */
	static Kept read(List<?> answer) {
		List<Numbered> changes = new ArrayList<>();
		List<Received> hints = new ArrayList<>();
		long invalid = Long.parseLong(String.valueOf(answer.get(0)));
		for (Object line : answer.subList(1, answer.size())) {
			Received received = MessageFormat.read(String.valueOf(line).substring(2));
			if (received == null) {
				invalid++;
			}
			else if (received.message() instanceof Change change) {
				changes.add(new Numbered(change, received.node(), received.number()));
			}
			else if (received.message() instanceof NodeMessage.Hint hint) {
				hints.add(new Received(0, received.node(), hint.lasting(Duration.ofMillis(received.number()))));
			}
		}
		return new Kept(changes, hints, invalid);
	}

}
