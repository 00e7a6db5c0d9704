package dev.llmproxy.provider;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.framing.SseFrames;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies {@link Quirks} to a body. A body that has none of the fields stays as it is,
 * byte for byte, and is not parsed.
 */
final class QuirkEditor {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final Quirks quirks;

	private final byte[][] needles;

	QuirkEditor(Quirks quirks) {
		this.quirks = quirks;
		List<String> fields = new ArrayList<>(quirks.unsupported());
		fields.addAll(quirks.renamed().keySet());
		this.needles = fields.stream()
			.map((field) -> ("\"" + field + "\"").getBytes(StandardCharsets.UTF_8))
			.toArray(byte[][]::new);
	}

	EncodedRequest apply(EncodedRequest request) {
		return mentionsAny(request.body()) ? edit(request) : request;
	}

	private boolean mentionsAny(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		for (byte[] needle : this.needles) {
			if (SseFrames.contains(bytes, 0, body.length, needle)) {
				return true;
			}
		}
		return false;
	}

	private EncodedRequest edit(EncodedRequest request) {
		if (!(JSON.readTree(request.body()) instanceof ObjectNode object)) {
			return request;
		}
		List<String> dropped = new ArrayList<>(request.dropped());
		ObjectNode edited = JSON.createObjectNode();
		boolean changed = false;
		for (Map.Entry<String, JsonNode> field : object.properties()) {
			String name = field.getKey();
			String newName = this.quirks.renamed().get(name);
			if (this.quirks.unsupported().contains(name)) {
				dropped.add(name);
				changed = true;
			}
			else if (newName != null) {
				if (!object.has(newName)) {
					edited.set(newName, field.getValue());
				}
				changed = true;
			}
			else {
				edited.set(name, field.getValue());
			}
		}
		return changed ? new EncodedRequest(JSON.writeValueAsBytes(edited), dropped) : request;
	}

}
