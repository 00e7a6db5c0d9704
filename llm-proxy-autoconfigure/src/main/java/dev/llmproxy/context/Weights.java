package dev.llmproxy.context;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.provider.TokenCounter;

/**
 * The tokens of a conversation, by its turns.
 *
 * @param messages tokens of each message
 * @param turns tokens of each
 * @param media tokens of each that its media cost more than the words instead
 * @param fixed tokens of tools and instructions
 * @param total of all
 */
record Weights(long[] messages, long[] turns, long[] media, long fixed, long total) {

	static Weights of(ChatRequest request, Turns turns, TokenCounter counter, boolean media) {
		long[] each = new long[request.messages().size()];
		long[] weights = new long[turns.count()];
		long[] saved = new long[turns.count()];
		long fixed = counter.count(request.tools());
		List<Message> messages = request.messages();
		long total = fixed;
		for (int i = 0; i < messages.size(); i++) {
			Message message = messages.get(i);
			long tokens = counter.count(message);
			int turn = turns.turnOf(i);
			each[i] = tokens;
			total += tokens;
			if (turn == Turns.NONE) {
				fixed += tokens;
				continue;
			}
			weights[turn] += tokens;
			Message words = media ? OldMedia.without(message) : message;
			if (!words.equals(message)) {
				saved[turn] += Math.max(0, tokens - counter.count(words));
			}
		}
		return new Weights(each, weights, saved, fixed, total);
	}

	long of(int turn) {
		return this.turns[turn];
	}

	long media(int turn) {
		return this.media[turn];
	}

}
