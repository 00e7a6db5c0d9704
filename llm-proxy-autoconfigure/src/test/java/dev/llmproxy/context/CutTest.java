package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.llmproxy.context.Conversations.COUNTER;
import static org.assertj.core.api.Assertions.assertThat;

@Tag("once")
class CutTest {

	private static final int BUDGET = 3000;

	@ParameterizedTest
	@CsvSource({ "MIDDLE_OUT, false", "MIDDLE_OUT, true", "OLDEST_FIRST, false", "OLDEST_FIRST, true" })
	void whatIsLeftIsAConversation(TrimOrder order, boolean dropOldMedia) {
		for (int seed = 0; seed < 120; seed++) {
			ChatRequest chat = Conversations.of(seed, 20 + seed % 100);
			Draft draft = Policies.draft(chat, Policies.trim(BUDGET, order, dropOldMedia));
			ChatRequest trimmed = draft.trimmed();
			long after = COUNTER.count(trimmed);
			assertThat(after).as("seed %d", seed).isEqualTo(draft.after(trimmed));
			if (draft.fits()) {
				assertThat(trimmed).isEqualTo(chat);
				continue;
			}
			check(chat, trimmed, seed);
			if (!holdsManyPins(chat)) {
				assertThat(after).as("seed %d", seed).isLessThanOrEqualTo(BUDGET);
			}
			assertThat(Policies.draft(chat, draft.policy()).trimmed()).isEqualTo(trimmed);
		}
	}

	private static void check(ChatRequest chat, ChatRequest trimmed, int seed) {
		List<Message> messages = trimmed.messages();
		assertThat(messages.get(0).text()).isEqualTo(Conversations.SYSTEM);
		assertThat(messages.get(1).role()).as("seed %d", seed).isEqualTo(Role.USER);
		assertThat(messages.get(messages.size() - 1)).isEqualTo(last(chat));
		assertThat(messages.stream().filter((message) -> "pin".equals(message.name())))
			.hasSameSizeAs(chat.messages().stream().filter((message) -> "pin".equals(message.name())).toList());
		assertThat(words(trimmed)).as("seed %d", seed).contains(lastOfUser(chat));
		Set<String> open = new HashSet<>();
		for (Message message : messages) {
			if (message.role() != Role.TOOL) {
				assertThat(open).as("seed %d", seed).isEmpty();
			}
			for (Part part : message.parts()) {
				if (part instanceof Part.ToolCall call) {
					open.add(call.id());
				}
				if (part instanceof Part.ToolResult result) {
					assertThat(open.remove(result.toolCallId())).as("seed %d", seed).isTrue();
				}
			}
		}
		assertThat(open).isEmpty();
	}

	private static Message last(ChatRequest chat) {
		return chat.messages().get(chat.messages().size() - 1);
	}

	private static String lastOfUser(ChatRequest chat) {
		return chat.messages()
			.stream()
			.filter((message) -> message.role() == Role.USER)
			.reduce((one, other) -> other)
			.orElseThrow()
			.text();
	}

	private static String words(ChatRequest chat) {
		StringBuilder words = new StringBuilder();
		chat.messages().forEach((message) -> words.append(message.text()).append('\n'));
		return words.toString();
	}

	private static boolean holdsManyPins(ChatRequest chat) {
		return chat.messages()
			.stream()
			.filter((message) -> "pin".equals(message.name()))
			.mapToLong(COUNTER::count)
			.sum() > BUDGET / 5;
	}

	@ParameterizedTest
	@EnumSource(TrimOrder.class)
	void theBeginningStaysTheSameForManyTurns(TrimOrder order) {
		for (int seed = 0; seed < 6; seed++) {
			Conversations growing = new Conversations(seed);
			List<Message> before = List.of();
			int changes = 0;
			int requests = 0;
			long tokens = 0;
			for (int i = 0; i < 150; i++) {
				growing.grow(1);
				ChatRequest chat = growing.request();
				List<Message> now = Policies.draft(chat, Policies.trim(BUDGET, order, false)).trimmed().messages();
				requests++;
				if (!startsWith(now, before)) {
					changes++;
				}
				before = now;
				tokens = COUNTER.count(chat);
			}
			// One for each step of 30 % of the budget, and few for words of the user that
			// were kept longest.
			long steps = tokens / (BUDGET * 3 / 10);
			assertThat(changes).as("seed %d, %d requests", seed, requests)
				.isGreaterThan(3)
				.isLessThanOrEqualTo((int) (steps * 1.5));
		}
	}

	private static boolean startsWith(List<Message> longer, List<Message> shorter) {
		return longer.size() >= shorter.size() && longer.subList(0, shorter.size()).equals(shorter);
	}

	@ParameterizedTest
	@EnumSource(TrimOrder.class)
	void whatIsGoneStaysGone(TrimOrder order) {
		for (int seed = 0; seed < 6; seed++) {
			Conversations growing = new Conversations(seed);
			List<Integer> before = List.of();
			for (int i = 0; i < 120; i++) {
				growing.grow(1);
				List<Integer> now = steps(Policies.draft(growing.request(), Policies.trim(8000, order, true)));
				assertThat(now).as("seed %d", seed).containsAll(before);
				before = now;
			}
			assertThat(before).as("seed %d", seed).isNotEmpty();
		}
	}

	private static List<Integer> steps(Draft draft) {
		return draft.cut().steps().stream().flatMap(List::stream).toList();
	}

	@Test
	void middleOutKeepsTheBeginning() {
		ChatRequest chat = plain(200);
		List<Message> kept = Policies.draft(chat, Policies.trim(BUDGET, TrimOrder.MIDDLE_OUT, false))
			.trimmed()
			.messages();
		assertThat(kept.subList(0, 5)).isEqualTo(chat.messages().subList(0, 5));
		List<Message> newest = Policies.draft(chat, Policies.trim(BUDGET, TrimOrder.OLDEST_FIRST, false))
			.trimmed()
			.messages();
		assertThat(newest.get(1).text()).contains("left out");
		assertThat(newest).doesNotContain(chat.messages().get(1));
	}

	/** For model servers whose templates demand it. */
	@ParameterizedTest
	@EnumSource(TrimOrder.class)
	void rolesStillTakeTurns(TrimOrder order) {
		List<Message> messages = Policies.draft(plain(200), Policies.trim(BUDGET, order, false)).trimmed().messages();
		for (int i = 2; i < messages.size(); i++) {
			assertThat(messages.get(i).role()).isNotEqualTo(messages.get(i - 1).role());
		}
	}

	private static ChatRequest plain(int messages) {
		List<Message> all = new ArrayList<>(List.of(Message.text(Role.SYSTEM, Conversations.SYSTEM)));
		for (int i = 0; i <= messages; i++) {
			all.add(Message.text((i % 2 == 0) ? Role.USER : Role.ASSISTANT, i + " " + "word ".repeat(30)));
		}
		return ChatRequest.builder("chat").messages(all).build();
	}

	@Test
	void aLongRunOfToolsIsCutToo() {
		List<Message> messages = new ArrayList<>(List.of(Message.text(Role.USER, "Do it all.")));
		for (int i = 0; i < 300; i++) {
			messages.add(new Message(Role.ASSISTANT, List.of(new Part.ToolCall("c" + i, "search", "{}"))));
			messages.add(new Message(Role.TOOL,
					List.of(new Part.ToolResult("c" + i, null, List.of(Part.text("word ".repeat(40))), false, null))));
		}
		ChatRequest chat = ChatRequest.builder("chat").messages(messages).build();
		ChatRequest trimmed = Policies.draft(chat, Policies.trim(BUDGET, TrimOrder.OLDEST_FIRST, false)).trimmed();
		assertThat(COUNTER.count(trimmed)).isBetween((long) (BUDGET * 0.55), (long) (BUDGET * 0.9));
		assertThat(trimmed.messages().get(0).text()).startsWith("Do it all.").contains("left out");
		assertThat(trimmed.messages().get(1).role()).isEqualTo(Role.ASSISTANT);
	}

	@Test
	void whatHasAMarkStays() {
		List<Message> messages = new ArrayList<>(plain(200).messages());
		Message marked = new Message(Role.USER, List.of(new Part.Text("Remember this.", CacheControl.EPHEMERAL)));
		messages.set(51, marked);
		ChatRequest chat = ChatRequest.builder("chat").messages(messages).build();
		assertThat(Policies.draft(chat, Policies.trim(BUDGET, TrimOrder.OLDEST_FIRST, false)).trimmed().messages())
			.anyMatch((message) -> message.text().endsWith("Remember this."));
	}

	@Test
	void oldImagesGoFirst() {
		List<Message> messages = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			messages.add(Conversations.of(3, 1).messages().get(1));
			messages.add(new Message(Role.USER, List.of(Part.text("look " + i), image())));
			messages.add(Message.text(Role.ASSISTANT, "I see " + i));
		}
		messages.add(new Message(Role.USER, List.of(Part.text("And now?"), image())));
		ChatRequest chat = ChatRequest.builder("chat").messages(messages).build();
		List<Message> left = Policies.draft(chat, Policies.trim(8000, TrimOrder.OLDEST_FIRST, true))
			.trimmed()
			.messages();
		assertThat(left).hasSameSizeAs(messages);
		assertThat(left.get(1).text()).contains("look 0").contains("[An image that was here has been left out.]");
		assertThat(left.get(left.size() - 1).parts()).anyMatch(Part.Image.class::isInstance);
	}

	private static Part image() {
		return new Part.Image(new MediaSource.Url("https://example.org/a.png"), null, null);
	}

	@Test
	void whereNothingMayGoNothingGoes() {
		ChatRequest chat = ChatRequest.builder("chat").message(Message.text(Role.USER, "word ".repeat(5000))).build();
		Draft draft = Policies.draft(chat, Policies.trim(BUDGET, TrimOrder.MIDDLE_OUT, true));
		assertThat(draft.fits()).isFalse();
		assertThat(draft.cut().changesNothing()).isTrue();
		assertThat(draft.trimmed()).isEqualTo(chat);
	}

}
