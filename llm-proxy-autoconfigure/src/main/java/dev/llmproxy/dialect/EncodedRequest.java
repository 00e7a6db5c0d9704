package dev.llmproxy.dialect;

import java.util.List;

/**
 * A request in an upstream dialect.
 *
 * @param body JSON, serialised deterministically
 * @param dropped the caller's fields that this dialect has no place for, by path
 */
public record EncodedRequest(byte[] body, List<String> dropped) {

	public EncodedRequest {
		dropped = List.copyOf(dropped);
	}

}
