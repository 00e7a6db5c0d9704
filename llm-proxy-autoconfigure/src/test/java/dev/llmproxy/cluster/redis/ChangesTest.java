package dev.llmproxy.cluster.redis;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.redis.Changes.Numbered;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChangesTest {

	private static final Change OUT = new Change(OperatorAction.DISABLE, "up", "ann");

	private static final Change BACK = new Change(OperatorAction.ENABLE, "up", "bob");

	private final AtomicLong now = new AtomicLong();

	private final Changes changes = new Changes(3, this.now::get);

	@Test
	void theHighestNumberHoldsInWhateverOrderTheyAreHeard() {
		assertThat(this.changes.heard(there(BACK, 2))).isTrue();
		assertThat(this.changes.heard(there(OUT, 1))).isFalse();
		assertThat(this.changes.heard(there(BACK, 2))).isFalse();
		assertThat(this.changes.heard(there(OUT, 3))).isTrue();
	}

	@Test
	void whatIsHeardWhileOnesOwnHasNoNumberYetHoldsOnlyIfItCameLater() {
		this.changes.begin(OUT);
		this.changes.sent(OUT);
		assertThat(this.changes.heard(there(BACK, 1))).isFalse();
		assertThat(this.changes.numbered(OUT, "here", 2)).isNull();
		this.changes.begin(OUT);
		this.changes.sent(OUT);
		assertThat(this.changes.heard(there(BACK, 4))).isFalse();
		assertThat(this.changes.numbered(OUT, "here", 3)).isEqualTo(there(BACK, 4));
		assertThat(this.changes.revision(OUT.place())).isEqualTo(4);
	}

	@Test
	void whoStartsLearnsWhatStandsAndWhoWasAwayAllThatWasSaid() {
		Numbered reload = there(new Change(OperatorAction.RELOAD, "", "ann"), 2);
		assertThat(this.changes.read(List.of(there(OUT, 1), reload))).containsExactly(there(OUT, 1));
		assertThat(this.changes.read(List.of(there(OUT, 1), reload))).isEmpty();
		Numbered again = there(reload.change(), 3);
		assertThat(this.changes.read(List.of(there(BACK, 4), again))).containsExactly(there(BACK, 4), again);
	}

	@Test
	void whatCouldNotBeToldIsToldLaterUnlessAnotherNodeSaidSomethingMeanwhile() {
		this.changes.begin(OUT);
		assertThat(this.changes.untold()).containsExactly(OUT);
		this.changes.sent(OUT);
		assertThat(this.changes.untold()).isEmpty();
		this.changes.failed(OUT);
		assertThat(this.changes.untold()).containsExactly(OUT);
		this.changes.read(List.of());
		assertThat(this.changes.read(List.of(there(BACK, 2)))).containsExactly(there(BACK, 2));
		assertThat(this.changes.untold()).isEmpty();
	}

	@Test
	void whatWasSaidHereBeforeAnythingCouldBeReadCameAfterWhatWasThere() {
		this.changes.begin(OUT);
		assertThat(this.changes.read(List.of(there(BACK, 1)))).isEmpty();
		assertThat(this.changes.untold()).containsExactly(OUT);
		assertThat(this.changes.revision(OUT.place())).isEqualTo(1);
	}

	@Test
	void whoseEndWasNeverHeardIsNotUnderWayForEver() {
		this.changes.begin(OUT);
		this.changes.sent(OUT);
		this.now.addAndGet(11_000_000_000L);
		assertThat(this.changes.untold()).containsExactly(OUT);
	}

	@Test
	void onlyTheLastOfOnesOwnIsToldLater() {
		this.changes.begin(OUT);
		this.changes.begin(BACK);
		assertThat(this.changes.untold()).containsExactly(BACK);
		this.changes.overtaken(OUT);
		assertThat(this.changes.untold()).containsExactly(BACK);
		this.changes.overtaken(BACK);
		assertThat(this.changes.untold()).isEmpty();
	}

	@Test
	void knowsWhatRedisHasLost() {
		this.changes.heard(there(OUT, 5));
		assertThat(this.changes.lost(List.of(there(OUT, 5)))).isEmpty();
		assertThat(this.changes.lost(List.of(there(BACK, 4)))).containsExactly(there(OUT, 5));
		assertThat(this.changes.lost(List.of())).containsExactly(there(OUT, 5));
		this.changes.begin(BACK);
		assertThat(this.changes.lost(List.of())).isEmpty();
	}

	@Test
	void remembersOnlySoMany() {
		for (int i = 0; i < 5; i++) {
			Change change = new Change(OperatorAction.DISABLE, "up" + i, "ann");
			assertThat(this.changes.heard(there(change, 1))).isEqualTo(i < 3);
			this.changes.begin(change);
		}
		assertThat(this.changes.untold()).hasSize(3);
		assertThat(this.changes.heard(there(new Change(OperatorAction.ENABLE, "up4", "ann"), 9))).isFalse();
	}

	@Test
	void placesAreOfOneProviderOfAllOrOfOneBreaker() {
		assertThat(OUT.place()).isEqualTo(BACK.place());
		assertThat(new Change(OperatorAction.FORCE, "a", "").place())
			.isEqualTo(new Change(OperatorAction.UNFORCE, "b", "").place());
		assertThat(new Change(OperatorAction.RESET, "up", "").place()).isNotEqualTo(OUT.place())
			.isEqualTo(new Change(OperatorAction.FORCE_OPEN, "up", "").place());
	}

	private static Numbered there(Change change, long revision) {
		return new Numbered(Objects.requireNonNull(change), "there", revision);
	}

}
