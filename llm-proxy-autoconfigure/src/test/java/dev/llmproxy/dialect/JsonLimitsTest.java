package dev.llmproxy.dialect;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonLimitsTest {

	@ParameterizedTest
	@CsvSource({ "1,1,1,1,32,0", "10000,10000000,10000000,1000000,1000000,1000000" })
	void boundsAreInclusive(int depth, int keysPerObject, int keys, int numberLength, int nameLength, int exponent) {
		assertThatCode(() -> new JsonLimits(depth, keysPerObject, keys, numberLength, nameLength, exponent))
			.doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource({ "0,1,1,1,32,0,maxDepth", "10001,1,1,1,32,0,maxDepth", "1,0,1,1,32,0,maxKeysPerObject",
			"1,2,1,1,32,0,maxKeys", "1,1,10000001,1,32,0,maxKeys", "1,1,1,0,32,0,maxNumberLength",
			"1,1,1,1,31,0,maxNameLength", "1,1,1,1,32,-1,maxExponent", "1,1,1,1,32,1000001,maxExponent" })
	void limitsOutOfBoundsAreRefusedByName(int depth, int keysPerObject, int keys, int numberLength, int nameLength,
			int exponent, String name) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JsonLimits(depth, keysPerObject, keys, numberLength, nameLength, exponent))
			.withMessageStartingWith(name + " must be ");
	}

}
