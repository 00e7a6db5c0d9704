package dev.llmproxy.provider.token;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("once")
class ImageSizeTest {

	@ParameterizedTest
	@ValueSource(strings = { "png", "jpg", "gif" })
	void isReadFromTheHead(String format) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		assertThat(ImageIO.write(new BufferedImage(321, 123, BufferedImage.TYPE_INT_RGB), format, bytes)).isTrue();
		assertThat(ImageSize.of(Base64.getEncoder().encodeToString(bytes.toByteArray())))
			.isEqualTo(new ImageSize(321, 123));
	}

	/** Heads of pictures with losses, without, and in the extended format. */
	@ParameterizedTest
	@CsvSource({ "56503820 0a000000 300100 9d012a 4101 7b00 0000", "5650384c 0a000000 2f40811e00000000 000000",
			"56503858 0a000000 10000000 400100 7a0000 0000" })
	void isReadFromWebP(String chunk) {
		byte[] head = HexFormat.of().parseHex("52494646" + "24000000" + "57454250" + chunk.replace(" ", ""));
		assertThat(ImageSize.of(Base64.getEncoder().encodeToString(head))).isEqualTo(new ImageSize(321, 123));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "AAAA", "not base64!", "iVBORw0KGgo=", "/9j/4AAQ", "/9gAAAAAAAAA", "R0lGODlhAAAAAA==",
			"UklGRiQAAABXRUJQVlA4" })
	void isUnknownOfWhatIsNoImage(String base64) {
		assertThat(ImageSize.of(base64)).isNull();
	}

	/** The sizes that OpenAI's documentation reckons with. */
	@ParameterizedTest
	@CsvSource({ "gpt-4o, 1024, 1024, high, 765", "gpt-4o, 2048, 4096, high, 1105", "gpt-4o, 4096, 8192, low, 85",
			"gpt-4o, 512, 512, , 255", "gpt-5, 512, 512, high, 210", "o3, 512, 512, low, 75",
			"gpt-4o-mini, 512, 512, high, 8500", "gpt-4.1-mini, 1024, 1024, high, 1659",
			"o4-mini, 4000, 4000, high, 2642" })
	void costsWhatOpenAiDocuments(String model, int width, int height, String detail, long tokens) {
		assertThat(OpenAiImages.of(model).tokens(new ImageSize(width, height), detail)).isEqualTo(tokens);
	}

	@Test
	void isScaledToFit() {
		assertThat(new ImageSize(4000, 1000).within(2000)).isEqualTo(new ImageSize(2000, 500));
		assertThat(new ImageSize(4000, 1000).shortSideWithin(500)).isEqualTo(new ImageSize(2000, 500));
		assertThat(new ImageSize(100, 20_000).within(10).width()).isEqualTo(1);
		assertThat(new ImageSize(513, 512).tiles(512)).isEqualTo(2);
	}

}
