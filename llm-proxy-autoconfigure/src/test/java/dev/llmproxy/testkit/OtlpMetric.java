package dev.llmproxy.testkit;

import java.util.List;
import java.util.Map;

/**
 * A metric as a collector gets it.
 *
 * @param type {@code gauge}, {@code sum}, {@code histogram}, {@code exponential} or
 * {@code summary}
 * @param temporality {@code delta} or {@code cumulative}; empty where there is none
 * @param resource the attributes of who sent it
 */
public record OtlpMetric(String name, String description, String unit, String type, String temporality,
		List<Point> points, Map<String, Object> resource) {

	/**
	 * A value of one combination of attributes.
	 *
	 * @param start nanoseconds since the epoch
	 * @param time nanoseconds since the epoch
	 * @param value of a gauge or a sum; 0 for others
	 * @param count of a histogram or a summary; 0 for others
	 * @param sum of a histogram or a summary; 0 for others
	 * @param bounds of the buckets of a histogram
	 * @param buckets their counts, one more than there are bounds
	 */
	public record Point(Map<String, Object> attributes, long start, long time, double value, long count, double sum,
			List<Double> bounds, List<Long> buckets) {
	}

}
