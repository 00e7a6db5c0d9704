package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StatefulnessTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'previous_response_id':'resp_1','input':'x'                       | previous_response_id
			'conversation':'conv_1','input':'x'                               | conversation
			'conversation':{'id':'conv_1'},'input':'x'                        | conversation
			'background':true,'input':'x'                                     | background
			'prompt':{'id':'pmpt_1'}                                          | prompt
			'input':[{'type':'item_reference','id':'msg_1'}]                  | input[0]
			'input':[{'role':'user','content':'x'},{'id':'msg_1'}]            | input[1]
			'input':[{'type':'compaction','encrypted_content':'x'}]           | input[0]
			""")
	void whatRefersToAStoreIsRefusedByName(String members, String param) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Samples.decode(Samples.json("{'model':'m'," + members + "}")))
			.satisfies((ex) -> {
				assertThat(ex.error().kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
				assertThat(ex.error().param()).isEqualTo(param);
				assertThat(ex.error().message()).contains("Send the whole conversation in 'input'");
			});
	}

}
