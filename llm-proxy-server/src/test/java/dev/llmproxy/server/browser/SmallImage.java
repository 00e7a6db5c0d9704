package dev.llmproxy.server.browser;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

/** Makes pictures of pages small, by their 256 most used colours. */
public final class SmallImage {

	private static final int COLOURS = 256;

	private SmallImage() {
	}

	/** The same picture, of less than half the size. */
	public static byte[] of(byte[] png) throws IOException {
		BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
		Map<Integer, Integer> uses = new HashMap<>();
		for (int y = 0; y < picture.getHeight(); y++) {
			for (int x = 0; x < picture.getWidth(); x++) {
				uses.merge(picture.getRGB(x, y), 1, Integer::sum);
			}
		}
		List<Integer> palette = uses.entrySet()
			.stream()
			.sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
			.limit(COLOURS)
			.map(Map.Entry::getKey)
			.toList();
		int[] colours = palette.stream().mapToInt(Integer::intValue).toArray();
		IndexColorModel model = new IndexColorModel(8, colours.length, colours, 0, false, -1, 0);
		BufferedImage small = new BufferedImage(picture.getWidth(), picture.getHeight(),
				BufferedImage.TYPE_BYTE_INDEXED, model);
		Map<Integer, Integer> nearest = new HashMap<>();
		for (int y = 0; y < picture.getHeight(); y++) {
			for (int x = 0; x < picture.getWidth(); x++) {
				int index = nearest.computeIfAbsent(picture.getRGB(x, y), (colour) -> nearest(colour, colours));
				small.getRaster().setSample(x, y, 0, index);
			}
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		ImageIO.write(small, "png", out);
		return out.toByteArray();
	}

	private static int nearest(int colour, int[] colours) {
		int best = 0;
		int least = Integer.MAX_VALUE;
		for (int i = 0; i < colours.length; i++) {
			int distance = square(colour, colours[i], 16) + square(colour, colours[i], 8)
					+ square(colour, colours[i], 0);
			if (distance < least) {
				least = distance;
				best = i;
			}
		}
		return best;
	}

	private static int square(int one, int other, int shift) {
		int difference = ((one >> shift) & 0xff) - ((other >> shift) & 0xff);
		return difference * difference;
	}

}
