package dev.llmproxy.event.webhook;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Sends messages, one request each. Redirects are not followed, because nobody has said
 * that messages may go there; of answers nothing is kept. Thread-safe; blocks.
 */
public final class WebhookClient {

	private final HttpClient client;

	private final InstantSource clock;

	public WebhookClient(InstantSource clock) {
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(Duration.ofSeconds(10))
			.build();
		this.clock = clock;
	}

	/** Tries once. */
	Result send(WebhookSettings settings, String id, byte[] body) throws InterruptedException {
		CompletableFuture<HttpResponse<Void>> answer = this.client.sendAsync(request(settings, id, body),
				(info) -> new Unread());
		try {
			// The request's own timeout ends with the head of an answer.
			return result(answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (TimeoutException ex) {
			return Result.failed("timeout");
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			return Result.failed(cause.getClass().getSimpleName());
		}
		finally {
			answer.cancel(true);
		}
	}

	private HttpRequest request(WebhookSettings settings, String id, byte[] body) {
		Instant now = this.clock.instant();
		HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
			.POST(BodyPublishers.ofByteArray(body))
			.timeout(settings.timeout());
		settings.headers().forEach(request::setHeader);
		request.setHeader("content-type", "application/json");
		request.setHeader("user-agent", "llm-proxy");
		request.setHeader("webhook-id", id);
		request.setHeader("webhook-timestamp", Long.toString(now.getEpochSecond()));
		Signature signature = settings.signature();
		if (signature != null) {
			request.setHeader("webhook-signature", signature.sign(id, now.getEpochSecond(), body));
		}
		return request.build();
	}

	private static Result result(HttpResponse<?> response) {
		int status = response.statusCode();
		if (status >= 200 && status < 300) {
			return Result.DELIVERED;
		}
		return new Result("status " + status, status != 410,
				response.headers()
					.firstValue("retry-after")
					.filter((seconds) -> seconds.matches("\\d{1,6}"))
					.map((seconds) -> Duration.ofSeconds(Long.parseLong(seconds)))
					.orElse(null));
	}

	/**
	 * What became of a try.
	 *
	 * @param failure {@code null} if there was none
	 * @param again whether another try makes sense
	 * @param pause that the other side asked for
	 */
	record Result(@Nullable String failure, boolean again, @Nullable Duration pause) {

		static final Result DELIVERED = new Result(null, false, null);

		static Result failed(String failure) {
			return new Result(failure, true, null);
		}

	}

	/**
	 * Reads a little, so that a connection can be used again, and cuts what is longer.
	 */
	private static final class Unread implements BodySubscriber<Void> {

		private static final int ENOUGH = 64 * 1024;

		private final CompletableFuture<Void> body = new CompletableFuture<>();

		private Flow.@Nullable Subscription subscription;

		private long read;

		@Override
		public CompletionStage<Void> getBody() {
			return this.body;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(List<ByteBuffer> buffers) {
			for (ByteBuffer buffer : buffers) {
				this.read += buffer.remaining();
			}
			if (this.read > ENOUGH && this.subscription != null) {
				this.subscription.cancel();
				this.body.complete(null);
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.body.complete(null);
		}

		@Override
		public void onComplete() {
			this.body.complete(null);
		}

	}

}
