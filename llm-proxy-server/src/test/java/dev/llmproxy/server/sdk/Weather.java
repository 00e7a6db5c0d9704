package dev.llmproxy.server.sdk;

import java.util.List;

/** What a model is asked to answer with, as a class that SDKs derive a schema from. */
public final class Weather {

	/** Where. */
	public String city;

	/** In degrees Celsius. */
	public int temperature;

	/** Things to take along. */
	public List<String> advice;

}
