package dev.llmproxy.web;

import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.MemoryBudget.Use;
import io.netty.channel.ChannelFuture;

/**
 * What was written for one answer and its caller has not taken yet. Callers that keep up
 * have none, and cost nothing. Used by the connection's event loop only.
 */
final class Backlog {

	private final MemoryBudget memory;

	private long bytes;

	Backlog(MemoryBudget memory) {
		this.memory = memory;
	}

	/**
	 * Notes what was written.
	 * @param taken told when the caller has it, or the connection is closed
	 */
	void written(ChannelFuture future, int length, Runnable taken) {
		if (length == 0 || future.isDone()) {
			return;
		}
		this.bytes += length;
		this.memory.reserve(Use.STREAM, length);
		future.addListener((done) -> {
			this.bytes -= length;
			this.memory.release(Use.STREAM, length);
			taken.run();
		});
	}

	boolean isEmpty() {
		return this.bytes == 0;
	}

}
