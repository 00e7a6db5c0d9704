package dev.llmproxy.dialect.gemini;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class GeminiSchemasTests {

	@Test
	void leavesAPlainSchemaAsItIs() {
		String schema = """
				{'type': 'object', 'properties': {'const': {'type': 'number', 'minimum': 0.50},
				 '$schema': {'type': ['string', 'null'], 'default': {'const': 1}}},
				 'additionalProperties': false, 'required': ['const'], 'propertyOrdering': ['const']}""";
		assertThat(forGemini(schema).toString()).isEqualTo(Json.tree(schema).toString());
	}

	@Test
	void saysInOtherWordsWhatTheApiDoesNotKnow() {
		assertThat(forGemini("""
				{'$schema': 'https://json-schema.org/draft/2020-12/schema', 'type': 'object',
				 'discriminator': {'propertyName': 'kind'},
				 'properties': {
				  'kind': {'const': 'cat'}, 'nothing': {'const': null}, 'yes': {'const': true, 'type': 'boolean'},
				  'owner': {'$ref': '#/definitions/Person', 'description': 'Whose.'},
				  'vet': {'allOf': [{'$ref': '#/$defs/Person'}], 'title': 'Vet'},
				  'friends': {'type': 'array', 'items': {'$ref': '#/$defs/Person'}, 'prefixItems': [{'const': 1}]}},
				 'definitions': {'Person': {'type': 'object', 'properties': {'const': {'const': 'x'}}}}}"""))
			.isEqualTo(Json
				.tree("""
						{'type': 'object',
						 'properties': {
						  'kind': {'enum': ['cat']}, 'nothing': {'type': 'null'}, 'yes': {'const': true, 'type': 'boolean'},
						  'owner': {'description': 'Whose.', 'anyOf': [{'$ref': '#/$defs/Person'}]},
						  'vet': {'anyOf': [{'$ref': '#/$defs/Person'}], 'title': 'Vet'},
						  'friends': {'type': 'array', 'items': {'$ref': '#/$defs/Person'}, 'prefixItems': [{'enum': [1]}]}},
						 '$defs': {'Person': {'type': 'object', 'properties': {'const': {'enum': ['x']}}}}}"""));
	}

	@Test
	void readsReferencesOfOpenApi() {
		assertThat(GeminiJson.tree(GeminiSchemas.fromOpenApi(Json.tree("""
				{'type': 'TYPE_UNSPECIFIED', 'any_of': [{'ref': '#/defs/A'}], 'nullable': true,
				 'defs': {'A': {'type': 'STRING', 'max_length': '5', 'example': 'abc', 'format': 'date-time'}}}"""),
				"p")))
			.isEqualTo(Json
				.tree("""
						{'anyOf': [{'$ref': '#/$defs/A'}, {'type': 'null'}],
						 '$defs': {'A': {'type': 'string', 'maxLength': 5, 'examples': ['abc'], 'format': 'date-time'}}}"""));
	}

	private static JsonNode forGemini(String schema) {
		return GeminiJson.tree(GeminiSchemas.forGemini(GeminiJson.plainObject(Json.tree(schema))));
	}

}
