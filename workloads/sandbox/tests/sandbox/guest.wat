;; A guest that does what the first byte of its code says. It keeps to the protocol of `Sandbox`.
(module
  (import "host" "call" (func $call (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 2)
  (data (i32.const 64) "../outside")
  (data (i32.const 80) "inside")
  (data (i32.const 1024) "=")
  ;; A page of its own in the image.
  (data (i32.const 65536) "image")
  (global $count (mut i32) (i32.const 0))

  ;; All code comes to the same place.
  (func (export "host_alloc") (param i32) (result i32) (i32.const 4096))

  ;; Writes `bytes` bytes at `at` to stdout, and stops if it cannot.
  (func $write (param $at i32) (param $bytes i32)
    (i32.store (i32.const 16) (local.get $at))
    (i32.store (i32.const 20) (local.get $bytes))
    (if (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24))
      (then (unreachable))))

  ;; Makes a reply of a number below 1000, and returns how long it is.
  (func $number (param $value i32) (result i32)
    (i32.store8 (i32.const 1024) (i32.const 120)) ;; x
    (i32.store8 (i32.const 1025)
      (i32.add (i32.const 48) (i32.div_u (local.get $value) (i32.const 100))))
    (i32.store8 (i32.const 1026) (i32.add (i32.const 48)
      (i32.rem_u (i32.div_u (local.get $value) (i32.const 10)) (i32.const 10))))
    (i32.store8 (i32.const 1027)
      (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
    (i32.const 4))

  ;; Opens a path below the first folder, makes the file if it is not there, and returns the errno.
  (func $open (param $path i32) (param $bytes i32) (result i32)
    (call $path_open (i32.const 3) (i32.const 0) (local.get $path) (local.get $bytes)
      (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 28)))

  (func $deep (param $depth i32) (result i32)
    (i32.add (i32.const 1) (call $deep (i32.add (local.get $depth) (i32.const 1)))))

  ;; Takes memory until there is none.
  (func $take
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))))

  (func (export "run") (result i32)
    (local $reply i32) (local $bytes i32) (local $do i32)
    (local.set $reply (i32.const 1024))
    (local.set $bytes (i32.const 1))
    (loop $next
      (drop (call $call (local.get $reply) (local.get $bytes) (i32.const 8) (i32.const 12)))
      (local.set $do (i32.load8_u (i32.load (i32.const 8))))
      (i32.store8 (i32.const 1024) (i32.const 61)) ;; =
      (local.set $reply (i32.const 1024))
      (local.set $bytes (i32.const 1))

      ;; l: loops.
      (if (i32.eq (local.get $do) (i32.const 108)) (then (loop $ever (br $ever))))
      ;; m: takes all memory, and stops. M: takes it, and goes on.
      (if (i32.eq (local.get $do) (i32.const 109)) (then (call $take) (unreachable)))
      (if (i32.eq (local.get $do) (i32.const 77)) (then (call $take)))
      ;; o: writes for ever. O: writes 1000 bytes.
      (if (i32.eq (local.get $do) (i32.const 111))
        (then (loop $ever (call $write (i32.const 64) (i32.const 10)) (br $ever))))
      (if (i32.eq (local.get $do) (i32.const 79))
        (then (call $write (i32.const 2048) (i32.const 1000))))
      ;; r: recurses. t: traps. z: divides by zero. v: reads beyond its memory.
      (if (i32.eq (local.get $do) (i32.const 114)) (then (drop (call $deep (i32.const 0)))))
      (if (i32.eq (local.get $do) (i32.const 116)) (then (unreachable)))
      (if (i32.eq (local.get $do) (i32.const 122))
        (then (drop (i32.div_u (i32.const 1) (i32.load (i32.const 9000))))))
      (if (i32.eq (local.get $do) (i32.const 118))
        (then (drop (i32.load (i32.const -8)))))
      ;; x: exits with 3. q: returns 7.
      (if (i32.eq (local.get $do) (i32.const 120)) (then (call $proc_exit (i32.const 3))))
      (if (i32.eq (local.get $do) (i32.const 113)) (then (return (i32.const 7))))
      ;; i: counts, and writes the count, a digit.
      (if (i32.eq (local.get $do) (i32.const 105))
        (then
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (i32.store8 (i32.const 32) (i32.add (i32.const 48) (global.get $count)))
          (call $write (i32.const 32) (i32.const 1))))
      ;; d: writes its image.
      (if (i32.eq (local.get $do) (i32.const 100))
        (then (call $write (i32.const 65536) (i32.const 5))))
      ;; D: changes its image. U: changes it back.
      (if (i32.eq (local.get $do) (i32.const 68))
        (then (i32.store8 (i32.const 65536) (i32.const 73))))
      (if (i32.eq (local.get $do) (i32.const 85))
        (then (i32.store8 (i32.const 65536) (i32.const 105))))
      ;; W: opens `inside`. w: opens `../outside`.
      (if (i32.eq (local.get $do) (i32.const 87))
        (then (local.set $bytes (call $number (call $open (i32.const 80) (i32.const 6))))))
      (if (i32.eq (local.get $do) (i32.const 119))
        (then (local.set $bytes (call $number (call $open (i32.const 64) (i32.const 10))))))
      ;; e: counts its variables.
      (if (i32.eq (local.get $do) (i32.const 101))
        (then
          (drop (call $environ_sizes_get (i32.const 32) (i32.const 36)))
          (local.set $bytes (call $number (i32.load (i32.const 32))))))
      ;; c: says whether a clock is beyond its start.
      (if (i32.eq (local.get $do) (i32.const 99))
        (then
          (drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 32)))
          (local.set $bytes
            (call $number (i64.ne (i64.load (i32.const 32)) (i64.const 0))))))
      ;; a: the first byte of randomness.
      (if (i32.eq (local.get $do) (i32.const 97))
        (then
          (drop (call $random_get (i32.const 32) (i32.const 8)))
          (call $write (i32.const 32) (i32.const 8))))
      ;; s: sleeps.
      (if (i32.eq (local.get $do) (i32.const 115))
        (then
          (local.set $bytes (call $number (call $poll_oneoff
            (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 32))))))
      ;; p: replies nonsense. b: replies from beyond its memory.
      (if (i32.eq (local.get $do) (i32.const 112))
        (then (i32.store8 (i32.const 1024) (i32.const 63))))
      (if (i32.eq (local.get $do) (i32.const 98)) (then (local.set $reply (i32.const -1))))
      (br $next))
    (unreachable)))
