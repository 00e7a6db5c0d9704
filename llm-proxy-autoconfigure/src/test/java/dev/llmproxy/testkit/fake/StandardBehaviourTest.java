package dev.llmproxy.testkit.fake;

import java.util.List;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class StandardBehaviourTest {

	private final ConversationDraft draft = new ConversationDraft("m");

	private Answer answer() {
		return new StandardBehaviour().answer(this.draft.build(new FakeState()));
	}

	private void tools(String... names) {
		for (String name : names) {
			this.draft.tools.add(new Tool(name, Json.object("type", "object")));
		}
	}

	@Test
	void callsInTwoSteps() {
		tools("first", "second");
		this.draft.turn(Role.USER).texts.add("Do it in two steps");
		assertThat(answer().toolCalls()).extracting(Answer.ToolCall::name).containsExactly("first");
		this.draft.turn(Role.ASSISTANT).calls = 1;
		this.draft.turn(Role.USER).results.add(new ToolResult("first", "1", false));
		assertThat(answer().toolCalls()).extracting(Answer.ToolCall::name).containsExactly("second");
		this.draft.turn(Role.ASSISTANT).calls = 1;
		this.draft.turn(Role.USER).results.add(new ToolResult("second", "2", false));
		assertThat(answer().text()).isEqualTo("second returned 2.");
	}

	@Test
	void hearsTheLastUserTextOnly() {
		this.draft.turn(Role.USER).texts.add("refuse");
		this.draft.turn(Role.ASSISTANT).texts.add("No");
		this.draft.turn(Role.USER).texts.add("Hi");
		assertThat(answer().text()).isEqualTo("You said: Hi");
	}

	@Test
	void countsWordsAsTokens() {
		this.draft.turn(Role.USER).texts.add("7 words");
		assertThat(answer().outputTokens()).isEqualTo(7);
		assertThat(answer().text().split(" ")).hasSize(7);
	}

	@Test
	void makesUpWhatSchemasWant() {
		assertSample("{'type':['string','null']}", "\"some value\"");
		assertSample("{'const':5}", "5");
		assertSample("{'enum':['b','a']}", "\"b\"");
		assertSample("{'anyOf':[{'type':'boolean'},{'type':'null'}]}", "true");
		assertSample("{'type':'array','minItems':2,'items':{'type':'integer','maximum':7}}", "[7,7]");
		assertSample("{'type':'string','format':'date'}", "\"2026-01-31\"");
		assertSample("{'type':'string','maxLength':3}", "\"som\"");
		assertSample("{'$defs':{'a':{'type':'number','minimum':50}},'$ref':'#/$defs/a'}", "50.0");
		assertSample("{'type':'OBJECT','properties':{'a':{'type':'BOOLEAN'}}}", "{\"a\":true}");
		assertSample("{'$defs':{'n':{'type':'object','properties':{'next':{'anyOf':[{'$ref':'#/$defs/n'},"
				+ "{'type':'null'}]}},'required':['next']}},'type':'object','properties':{}}", "{}");
	}

	@Test
	void endsRecursiveSchemas() {
		JsonNode schema = Json.read(FakeCaller.json("{'$defs':{'n':{'type':'object','properties':{'next':{'anyOf':["
				+ "{'$ref':'#/$defs/n'},{'type':'null'}]}},'required':['next']}},'$ref':'#/$defs/n'}"));
		assertThat(SchemaSample.of(schema, false).toString()).startsWith("{\"next\":{\"next\":").contains(":null");
	}

	private static void assertSample(String schema, String sample) {
		assertThat(SchemaSample.of(Json.read(FakeCaller.json(schema)), false)).hasToString(sample);
	}

	@Test
	void cutsIntoPiecesThatJoinAgain() {
		for (String text : List.of("", " a  b ", StandardBehaviour.UNICODE, "x")) {
			assertThat(String.join("", Pieces.words(text))).isEqualTo(text);
			assertThat(String.join("", Pieces.of(text, 1))).isEqualTo(text);
		}
		assertThat(Pieces.of("a👩b", 2)).containsExactly("a👩", "b");
	}

}
