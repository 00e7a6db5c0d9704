package dev.llmproxy.provider.simulator;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Values for schemas: each row is a schema and its sample. */
class SchemaSampleTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{}                                                                    | "example"
					{"type":"string"}                                                     | "example"
					{"type":"boolean"}                                                    | true
					{"type":"null"}                                                       | null
					{"type":["null","integer"]}                                           | 1
					{"type":"STRING","enum":["b","a"]}                                    | "b"
					{"const":{"a":1}}                                                     | {"a":1}
					{"type":"string","examples":["x"]}                                    | "x"
					{"type":"integer","default":7}                                        | 7
					{"type":"integer","minimum":5}                                        | 5
					{"type":"integer","exclusiveMinimum":5}                               | 6
					{"type":"integer","minimum":5,"exclusiveMinimum":true}                | 6
					{"type":"integer","maximum":-3}                                       | -3
					{"type":"integer","exclusiveMaximum":1}                               | 0
					{"type":"integer","multipleOf":7}                                     | 7
					{"type":"integer","multipleOf":7,"minimum":20,"maximum":25}           | 21
					{"type":"integer","minimum":-10,"maximum":-5}                         | -5
					{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.5}         | 0.25
					{"type":"number","multipleOf":0.5}                                    | 1
					{"type":"number","minimum":1e999}                                     | 1
					{"minimum":4}                                                         | 4
					{"type":"string","minLength":10}                                      | "examplexxx"
					{"type":"string","maxLength":3}                                       | "exa"
					{"type":"string","format":"date"}                                     | "2025-01-01"
					{"type":"string","format":"email"}                                    | "user@example.com"
					{"type":"string","format":"uuid"}                                     | "00000000-0000-4000-8000-000000000001"
					{"type":"string","format":"unheard-of"}                               | "example"
					{"type":"array"}                                                      | ["example"]
					{"type":"array","items":{"type":"integer"},"minItems":3}              | [1,2,3]
					{"type":"array","maxItems":0}                                         | []
					{"type":"array","items":false}                                        | []
					{"items":{"enum":["a","b"]},"minItems":2,"uniqueItems":true}          | ["a","b"]
					{"prefixItems":[{"type":"integer"},{"const":"x"}],"items":false}      | [1,"x"]
					{"type":"array","items":[{"type":"integer"}]}                         | [1]
					{"type":"object"}                                                     | {}
					{"properties":{"a":{"type":"integer"},"b":{}}}                        | {"a":1,"b":"example b"}
					{"properties":{"a":{"type":"integer"},"b":{}},"required":["b"]}       | {"b":"example b"}
					{"required":["c"]}                                                    | {"c":"example c"}
					{"properties":{"a":{},"b":{}},"required":["b"],"minProperties":2}     | {"b":"example b","a":"example a"}
					{"type":"object","minProperties":1,"additionalProperties":{"type":"integer"}} | {"property1":1}
					{"properties":{"a":{"properties":{"first_name":{}}}}}                 | {"a":{"first_name":"example first name"}}
					{"$ref":"#/$defs/x","$defs":{"x":{"type":"integer"}}}                 | 1
					{"$ref":"#/$defs/a~1b%20c","$defs":{"a/b c":{"const":2}}}             | 2
					{"$ref":"elsewhere.json"}                                             | "example"
					{"anyOf":[{"type":"null"},{"type":"integer"}]}                        | 1
					{"oneOf":[{"const":"a"},{"const":"b"}]}                               | "a"
					{"anyOf":[]}                                                          | "example"
					{"allOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{"const":2}},"required":["b"]}]} | {"a":1,"b":2}
					{"type":"string","pattern":"^[A-Z]{2}-\\\\d{3}$"}                     | "AA-000"
					""")
	void makesTheLeastThatIsAllowed(String schema, String sample) {
		assertThat(sample(schema)).isEqualTo(sample);
	}

	@Test
	void prefersWordsThatWereGiven() {
		Iterator<String> words = List.of("one", "two").iterator();
		Object sample = SchemaSample.of(parse("""
				{"properties":{"a":{"type":"string"},"b":{"format":"date"},"c":{"maxLength":2},"d":{}}}"""), words);
		assertThat(sample).isEqualTo(Map.of("a", "one", "b", "2025-01-01", "c", "tw", "d", "example d"));
	}

	@Test
	void endsWhereASchemaContainsItself() {
		assertThat(sample("{\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"next\"]}")).endsWith("}");
		assertThat(sample("{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}")).endsWith("]");
		assertThat(sample("{\"$ref\":\"#\"}")).isEqualTo("\"example\"");
		assertThat(sample("{\"allOf\":[{\"$ref\":\"#\"}]}")).isEqualTo("\"example\"");
	}

	@Test
	void isBoundedWhateverTheSchemaSays() {
		assertThat(sample("{\"type\":\"string\",\"minLength\":2000000000}")).hasSizeLessThan(3000);
		assertThat(sample("{\"type\":\"array\",\"minItems\":2000000000}")).hasSizeLessThan(3000);
		assertThat(sample("{\"type\":\"object\",\"minProperties\":2000000000}")).hasSizeLessThan(5000);
		assertThat(sample("{\"type\":\"array\",\"minItems\":40,\"items\":{\"$ref\":\"#\"}}")).hasSizeLessThan(30_000);
		assertThat(sample("{\"required\":[\"a\",\"b\",\"c\"],\"additionalProperties\":{\"$ref\":\"#\"}}"))
			.hasSizeLessThan(30_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "^abc$", "[a-z]+", "[^a]", "[^a-z0-9]{3}", "\\d{4}-\\d{2}", "(foo|bar)+",
			"(?:x){2,3}", "(?<year>\\d+)", "a?b*c", "\\w+@\\w+\\.(com|org)", "[\\w.-]+", "\\S+", "[\\]]",
			"\\u0041\\x42", "^(a(b(c)))$", "[A-F0-9]{8}-[A-F0-9]{4}", "\\+?[1-9]\\d{1,14}", "a{0}", "a{2,}", "a+?",
			"\\D\\W", "^\\/path\\/$", "[+*?.]", "[a-]" })
	void matchesPatterns(String pattern) {
		String sample = PatternSample.of(pattern, 0);
		assertThat(sample).isNotNull().matches(Pattern.compile(pattern));
	}

	@Test
	void matchesPatternsThatMustBeLong() {
		String sample = PatternSample.of("^[a-z]+$", 12);
		assertThat(sample).hasSizeGreaterThanOrEqualTo(12).matches("[a-z]+");
	}

	@ParameterizedTest
	@ValueSource(strings = { "(", "a)", "[a", "a{2", "\\", "\\p{L}", "*", "(?i)a", "[z-a]", "\\1", "a{99999999}" })
	void leavesPatternsAloneThatItDoesNotKnow(String pattern) {
		assertThat(PatternSample.of(pattern, 0)).isNull();
	}

	@Test
	void patternsAreBounded() {
		assertThat(PatternSample.of("((((a{9999}){9999}){9999}){9999})", 0)).hasSizeLessThan(2000);
		assertThat(PatternSample.of("(".repeat(200) + ")".repeat(200), 0)).isNull();
	}

	private static String sample(String schema) {
		return JsonMapper.shared().writeValueAsString(SchemaSample.of(parse(schema), Collections.emptyIterator()));
	}

	private static Map<String, Object> parse(String json) {
		return JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {
		});
	}

}
