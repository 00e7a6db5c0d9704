package dev.llmproxy.autoconfigure;

import java.lang.reflect.Proxy;

/**
 * The signal SIGHUP, by which a daemon is asked to read its configuration anew, and which
 * ends a JVM otherwise. The JDK has no other interface for it than one that warns whoever
 * compiles against it.
 */
final class HangUpSignal {

	private HangUpSignal() {
	}

	/**
	 * Has something done each time the signal comes, on a thread of its own.
	 * @return whether this JVM can do that
	 */
	@SuppressWarnings("ReferenceEquality") // which is what equality means of a handler
	static boolean handle(Runnable action) {
		try {
			Class<?> signal = Class.forName("sun.misc.Signal");
			Class<?> handler = Class.forName("sun.misc.SignalHandler");
			Object proxy = Proxy.newProxyInstance(HangUpSignal.class.getClassLoader(), new Class<?>[] { handler },
					(self, method, arguments) -> switch (method.getName()) {
						case "handle" -> {
							action.run();
							yield null;
						}
						case "hashCode" -> System.identityHashCode(self);
						case "equals" -> self == arguments[0];
						default -> method.getName();
					});
			signal.getMethod("handle", signal, handler)
				.invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
			return true;
		}
		catch (ReflectiveOperationException ex) {
			return false;
		}
	}

}
