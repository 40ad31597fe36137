using System.Collections.Generic;
using System.Threading;

namespace SecureVault.Fuse.Operations;

/// <summary>Handles the kernel holds: a slot and a serial number in 64 bits, so that a number that was released never finds the slot's next owner.</summary>
/// <remarks>
/// Any thread. Find takes no lock: a slot holds one immutable pair, read in one go. A number is (serial shifted left by 20) | slot; serials
/// begin at 1, so 0 is no handle.
/// </remarks>
internal sealed class HandleTable<T>
    where T : class
{
    private const int SlotBits = 20;
    private const int MostSlots = 1 << SlotBits;

    /// <summary>Protects _free, _used, _serial and every change of _slots and its elements. Innermost: nothing is called under it.</summary>
    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private Pair?[] _slots = new Pair?[64];
    private int _used;
    private ulong _serial;

    /// <summary>Handles held at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _used - _free.Count;
            }
        }
    }

    /// <summary>Gives the value a number. False when every slot is taken.</summary>
    public bool TryAdd(T value, out ulong handle)
    {
        lock (_lock)
        {
            handle = 0;
            if (!_free.TryPop(out int slot))
            {
                if (_used == MostSlots)
                {
                    return false;
                }

                slot = _used++;
                if (slot == _slots.Length)
                {
                    Pair?[] larger = new Pair?[slot * 2];
                    _slots.CopyTo(larger, 0);
                    Volatile.Write(ref _slots, larger);
                }
            }

            handle = (++_serial << SlotBits) | (uint)slot;
            Volatile.Write(ref _slots[slot], new Pair(handle, value));
            return true;
        }
    }

    /// <summary>Finds a held handle's value. Does not allocate.</summary>
    public bool TryFind(ulong handle, out T value)
    {
        Pair?[] slots = Volatile.Read(ref _slots);
        uint slot = (uint)(handle & (MostSlots - 1));
        Pair? pair = slot < (uint)slots.Length ? Volatile.Read(ref slots[slot]) : null;
        value = pair?.Value!;
        return pair is not null && pair.Handle == handle;
    }

    /// <summary>Takes a handle out: of several callers exactly one gets true.</summary>
    public bool TryRemove(ulong handle, out T value)
    {
        lock (_lock)
        {
            if (!TryFind(handle, out value))
            {
                return false;
            }

            int slot = (int)(handle & (MostSlots - 1));
            _slots[slot] = null;
            _free.Push(slot);
            return true;
        }
    }

    /// <summary>Takes every handle out.</summary>
    public List<T> RemoveAll()
    {
        lock (_lock)
        {
            var values = new List<T>();
            for (int slot = 0; slot < _used; slot++)
            {
                if (_slots[slot] is { } pair)
                {
                    values.Add(pair.Value);
                    _slots[slot] = null;
                    _free.Push(slot);
                }
            }

            return values;
        }
    }

    private sealed class Pair(ulong handle, T value)
    {
        public readonly ulong Handle = handle;
        public readonly T Value = value;
    }
}
