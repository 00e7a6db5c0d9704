package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.gateway.Caller;

/**
 * What the requests of one session, or one experiment's subject, have in common: the
 * first of some fields that a request has, or the beginning of its prompt. Thread-safe.
 */
final class SessionKey {

	/** A request that has none of the fields. */
	static final long NONE = 0;

	private static final String PROMPT_PREFIX = "prompt-prefix";

	/** So much of a message tells it from others. */
	private static final int ENOUGH = 4096;

	private final List<Source> sources;

	private SessionKey(List<Source> sources) {
		this.sources = sources;
	}

	/**
	 * Reads which fields count.
	 * @param fields as in conditions, {@code caller} or {@code prompt-prefix}
	 * @throws IllegalArgumentException if there is none of a name
	 */
	static SessionKey of(List<String> fields) {
		List<Source> sources = new ArrayList<>();
		for (String field : fields) {
			sources.add(switch (field) {
				case PROMPT_PREFIX -> SessionKey::promptPrefix;
				case "caller" -> SessionKey::caller;
				default -> value(RequestField.named(field));
			});
		}
		return new SessionKey(List.copyOf(sources));
	}

	/** A hash; {@link #NONE} where the request says nothing of a session. */
	long of(RoutingContext context) {
		for (Source source : this.sources) {
			long hash = source.hash(context);
			if (hash != NONE) {
				return hash;
			}
		}
		return NONE;
	}

	private static Source value(RequestField field) {
		return (context) -> {
			Object value = field.of(context);
			return (value != null && !value.toString().isEmpty()) ? Hash.of(value.toString()) : NONE;
		};
	}

	/** Nobody in particular is many. */
	private static long caller(RoutingContext context) {
		Caller caller = context.request().caller();
		return (caller.equals(Caller.ANONYMOUS) || caller.equals(Caller.APPLICATION)) ? NONE : Hash.of(caller.id());
	}

	/**
	 * What stays as a conversation grows, and what providers' prompt caches begin with:
	 * tools, system prompt and the first message after it.
	 */
	private static long promptPrefix(RoutingContext context) {
		ChatRequest chat = context.chat();
		if (chat == null || chat.messages().isEmpty()) {
			return NONE;
		}
		long hash = Hash.START;
		for (Tool tool : chat.tools()) {
			hash = Hash.add(hash, tool.name(), ENOUGH);
		}
		for (Message message : chat.messages()) {
			for (Part part : message.parts()) {
				hash = add(hash, part);
			}
			if (message.role() != Role.SYSTEM && message.role() != Role.DEVELOPER) {
				break;
			}
		}
		return Hash.mix(hash);
	}

	private static long add(long hash, Part part) {
		if (part instanceof Part.Text text) {
			return Hash.add(hash, text.text(), ENOUGH);
		}
		if (part instanceof Part.Image image) {
			return add(hash, image.source());
		}
		if (part instanceof Part.Document document) {
			return add(hash, document.source());
		}
		return (part instanceof Part.Audio audio) ? add(hash, audio.source()) : hash;
	}

	private static long add(long hash, MediaSource source) {
		if (source instanceof MediaSource.Url url) {
			return Hash.add(hash, url.url(), ENOUGH);
		}
		if (source instanceof MediaSource.Inline inline) {
			return Hash.add(hash, inline.base64(), ENOUGH);
		}
		if (source instanceof MediaSource.PlainText text) {
			return Hash.add(hash, text.text(), ENOUGH);
		}
		return Hash.add(hash, ((MediaSource.FileId) source).id(), ENOUGH);
	}

	private interface Source {

		long hash(RoutingContext context);

	}

}
