package dev.llmproxy.dialect;

import java.util.Set;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class ClosedSchemasTest {

	@Test
	void closesObjectsEverywhere() {
		ObjectNode schema = schema("{'type':'object','properties':{'type':{'type':'string'},'list':{'type':'array',"
				+ "'items':{'type':'object','properties':{'a':{'type':'string'}}}}},"
				+ "'$defs':{'d':{'type':'object','properties':{'b':{'type':'string'}},'additionalProperties':false}}}");

		assertThat(ClosedSchemas.fit(schema)).isEmpty();
		assertThat(schema).isEqualTo(schema("{'type':'object','properties':{'type':{'type':'string'},"
				+ "'list':{'type':'array','items':{'type':'object','properties':{'a':{'type':'string'}},"
				+ "'additionalProperties':false}}},'$defs':{'d':{'type':'object',"
				+ "'properties':{'b':{'type':'string'}},'additionalProperties':false}},"
				+ "'additionalProperties':false}"));
	}

	@Test
	void takesRefusedKeywordsOutAndNamesThem() {
		ObjectNode schema = schema("{'type':'object','properties':{'minimum':{'type':'integer','minimum':1},"
				+ "'u':{'type':'string','format':'uuid','maxLength':9},'f':{'type':'string','format':'color'},"
				+ "'l':{'type':'array','minItems':1},'m':{'type':'array','minItems':2},"
				+ "'o':{'oneOf':[{'type':'integer','multipleOf':3}]},'x':{'type':'object'}},"
				+ "'additionalProperties':{'type':'string'}}");

		Set<String> lost = ClosedSchemas.fit(schema);

		assertThat(lost).containsExactlyInAnyOrder("minimum", "maxLength", "format", "minItems", "multipleOf",
				"additionalProperties");
		assertThat(schema).isEqualTo(schema("{'type':'object','properties':{'minimum':{'type':'integer'},"
				+ "'u':{'type':'string','format':'uuid'},'f':{'type':'string'},'l':{'type':'array','minItems':1},"
				+ "'m':{'type':'array'},'o':{'anyOf':[{'type':'integer'}]},"
				+ "'x':{'type':'object','additionalProperties':false}},'additionalProperties':false}"));
	}

	private static ObjectNode schema(String json) {
		return (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
	}

}
