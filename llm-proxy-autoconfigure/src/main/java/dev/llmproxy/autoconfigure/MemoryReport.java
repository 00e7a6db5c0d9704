package dev.llmproxy.autoconfigure;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.EnumMap;
import java.util.Map;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.MemoryBudget.Use;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * How memory stands.
 *
 * @param used bytes held, of all uses
 * @param uses bytes of each use
 * @param heapPressure what the heap itself says, whatever was counted
 * @param refused calls since the start
 * @param heap of the whole process
 * @param direct outside the heap, which is where sockets are read and written
 */
record MemoryReport(Pressure pressure, long used, Map<Use, Long> uses, Marks marks, Pressure heapPressure, long refused,
		Heap heap, Direct direct) {

	static MemoryReport of(CountedMemory memory, Admission admission) {
		Map<Use, Long> uses = new EnumMap<>(Use.class);
		for (Use use : Use.values()) {
			uses.put(use, memory.used(use));
		}
		return new MemoryReport(memory.pressure(), memory.used(), uses,
				new Marks(memory.marks().limit(), memory.marks().highBytes(), memory.marks().criticalBytes()),
				memory.felt(), admission.refused(), Heap.now(), Direct.now());
	}

	/**
	 * Where pressure begins, in bytes.
	 *
	 * @param limit what may be held at most
	 * @param highWater from here caches shrink
	 * @param critical from here new calls are refused
	 */
	record Marks(long limit, long highWater, long critical) {
	}

	/**
	 * The heap, in bytes.
	 *
	 * @param used with what nobody needs any more and was not collected yet
	 */
	record Heap(long used, long max) {

		static Heap now() {
			MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
			return new Heap(usage.getUsed(), usage.getMax());
		}

	}

	/**
	 * Memory outside the heap that Netty took for its buffers, in bytes.
	 *
	 * @param used what its pool has taken from the system, most of it to be used again
	 * @param max as -XX:MaxDirectMemorySize says; by default as much as the heap
	 */
	record Direct(long used, long max) {

		static Direct now() {
			long counted = PlatformDependent.usedDirectMemory();
			return new Direct((counted >= 0) ? counted : PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
					PlatformDependent.maxDirectMemory());
		}

	}

}
