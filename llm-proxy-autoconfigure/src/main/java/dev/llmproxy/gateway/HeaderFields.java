package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import org.springframework.http.HttpHeaders;
import org.springframework.util.CollectionUtils;

/**
 * Goes through headers as they are held. {@link HttpHeaders#forEach} first makes a set of
 * their names that does without case, of which there is no need where names are of one
 * spelling, and which took a tenth of the time of a short call.
 */
public final class HeaderFields {

	private HeaderFields() {
	}

	/**
	 * No headers yet. They are held by name in a tree, without case: for the few fields
	 * of an answer it takes a fraction of what the two hash tables of {@link HttpHeaders}
	 * do, which also make each name lower case whenever it is looked for.
	 */
	public static HttpHeaders create() {
		return new HttpHeaders(CollectionUtils.toMultiValueMap(new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));
	}

	/** Hands over each name with its values. */
	@SuppressWarnings("removal")
	public static void forEach(HttpHeaders headers, BiConsumer<String, List<String>> action) {
		// Of all ways to the fields only this one, which Spring 8 may lack, makes no such
		// set.
		headers.asMultiValueMap().forEach(action);
	}

	/** The same fields, to be changed by whoever asked. */
	public static HttpHeaders copy(HttpHeaders headers) {
		HttpHeaders copy = create();
		forEach(headers, (name, values) -> copy.put(name, new ArrayList<>(values)));
		return copy;
	}

}
